import { useMemo, useState } from 'preact/hooks';
import type { Catalogue } from '../../applications/view/catalogue.ts';
import { chooseImages, GALLERY_ORDERS, type GalleryChoice, hardestAttack } from '../../applications/view/gallery.ts';
import { sizeIn } from '../../sets/transformation-size.ts';
import { fromTuple } from '../../transform/transformation.ts';
import type { Picture } from '../state/pictures.ts';
import { useStore } from '../state/store.ts';
import type { Studio } from '../state/studio.ts';
import { formatLoss, formatNumber } from '../../notation/numbers.ts';

interface GalleryProps {
  readonly studio: Studio;
  readonly run: NonNullable<Catalogue['run']>;
}

const ORDERS: Record<(typeof GALLERY_ORDERS)[number], string> = {
  index: 'order of the data',
  loss: 'highest loss first',
  least: 'what takes least first',
};
const OUTCOMES: Record<GalleryChoice['outcome'], string> = {
  all: 'all',
  fooled: 'fooled',
  withstood: 'withstood',
  wrong: 'wrong as they are',
};

/** The images of a run. A click puts one on the stage, at the worst transformation that the attack found. */
export function Gallery({ studio, run }: GalleryProps) {
  const { pictures, shown, box, slots } = useStore(studio);
  const [choice, setChoice] = useState<GalleryChoice>({
    attack: hardestAttack(pictures, run.attacks),
    outcome: 'all',
    order: 'loss',
  });
  const change = (part: Partial<GalleryChoice>): void => setChoice({ ...choice, ...part });
  const chosen = useMemo(
    () => chooseImages(pictures, choice, (worst) => sizeIn(box, fromTuple(worst))),
    [pictures, choice, box],
  );
  const labels = [...new Set(pictures.flatMap(({ label }) => label ?? []))].sort((a, b) => a - b);
  // Names of classes come with the first model.
  const nameOf = (label: number): string => (slots.length === 0 ? String(label) : studio.className(label));
  return (
    <section class="gallery" aria-label="Images of the run">
      <div class="fields">
        <label class="field">
          <span>Attack</span>
          <select value={choice.attack} onChange={(event) => change({ attack: event.currentTarget.value })}>
            {run.attacks.map((attack) => (
              <option key={attack}>{attack}</option>
            ))}
          </select>
        </label>
        <label class="field">
          <span>Images</span>
          <select
            value={choice.outcome}
            onChange={(event) => change({ outcome: event.currentTarget.value as GalleryChoice['outcome'] })}
          >
            {Object.entries(OUTCOMES).map(([outcome, words]) => (
              <option key={outcome} value={outcome}>
                {words}
              </option>
            ))}
          </select>
        </label>
        <label class="field">
          <span>Class</span>
          <select
            value={choice.label ?? ''}
            onChange={({ currentTarget: { value } }) => change({ label: value === '' ? undefined : Number(value) })}
          >
            <option value="">all</option>
            {labels.map((label) => (
              <option key={label} value={label}>
                {nameOf(label)}
              </option>
            ))}
          </select>
        </label>
        <label class="field">
          <span>Order</span>
          <select
            value={choice.order}
            onChange={(event) => change({ order: event.currentTarget.value as GalleryChoice['order'] })}
          >
            {GALLERY_ORDERS.map((order) => (
              <option key={order} value={order}>
                {ORDERS[order]}
              </option>
            ))}
          </select>
        </label>
        <p class="quiet small" role="status">
          {chosen.length} of {pictures.length} images
        </p>
      </div>
      {run.notes.map((note) => (
        <p key={note} class="quiet small">
          {note}
        </p>
      ))}
      <ul class="images">
        {chosen.map((picture) => (
          <li key={picture.name}>
            <button
              type="button"
              class="image"
              aria-pressed={shown?.picture === picture}
              onClick={() => void showWorst(studio, picture, choice.attack)}
            >
              <img src={picture.thumbnail} alt="" loading="lazy" width="72" height="72" />
              <span class="small">{describe(picture, choice.attack, nameOf)}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

async function showWorst(studio: Studio, picture: Picture, attack: string): Promise<void> {
  await studio.showPicture(picture);
  const worst = picture.attacks?.[attack]?.worst;
  if (worst !== undefined) studio.moveTo(fromTuple(worst));
  document.getElementById('stage')?.scrollIntoView({ block: 'center' });
}

function describe({ name, label, attacks }: Picture, attack: string, nameOf: (label: number) => string): string {
  const found = attacks?.[attack];
  if (found === undefined) return name;
  const { robust, predicted, loss, worst } = found;
  const outcome = robust ? 'withstands' : `taken for ${nameOf(predicted)} at ${formatNumber(worst[2])}°`;
  return `${label === undefined ? name : nameOf(label)}: ${outcome}, loss ${formatLoss(loss)}`;
}
