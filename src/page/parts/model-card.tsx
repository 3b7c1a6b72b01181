import { useStore } from '../state/store.ts';
import type { Slot } from '../state/slot.ts';
import type { Studio } from '../state/studio.ts';
import { ComputedBy } from './computed-by.tsx';
import { Feeding } from './feeding.tsx';
import { MapView } from './map-view.tsx';
import { ModelPicker } from './model-picker.tsx';
import { SearchLine } from './search-line.tsx';
import { VerdictView } from './verdict.tsx';

interface ModelCardProps {
  readonly studio: Studio;
  readonly slot: Slot;
  readonly place: number;
}

/** A model: which it is, what it says of the picture, and the map of its loss. */
export function ModelCard({ studio, slot, place }: ModelCardProps) {
  const { name, facts, error, verdict, verdicts, search, computing } = useStore(slot);
  const { shown } = useStore(studio);
  return (
    <article class="card" aria-label={name} data-verdicts={verdicts}>
      <ModelPicker studio={studio} place={place} name={name} />
      {error === undefined ? undefined : <p class="message error small">{error}</p>}
      {facts === undefined && error === undefined ? (
        <p class="quiet small">Reading and trying the model …</p>
      ) : undefined}
      {verdict === undefined || shown === undefined ? undefined : (
        <VerdictView verdict={verdict} label={shown.label} nameOf={(label) => studio.className(label)} />
      )}
      {search === undefined ? undefined : <SearchLine search={search} studio={studio} />}
      <MapView studio={studio} slot={slot} />
      {facts === undefined ? undefined : <ComputedBy computing={computing} />}
      <Feeding studio={studio} slot={slot} isOpen={error !== undefined} />
    </article>
  );
}
