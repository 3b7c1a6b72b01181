import type { CataloguePicture } from './catalogue.ts';

/** What of a run's images is shown, and in which order. */
export interface GalleryChoice {
  readonly attack: string;
  /** Label of the class; all where left out. */
  readonly label?: number;
  readonly outcome: 'all' | 'fooled' | 'withstood' | 'wrong';
  readonly order: (typeof GALLERY_ORDERS)[number];
}

/** As in the data; the highest loss first; what takes the least to fool first. */
export const GALLERY_ORDERS = ['index', 'loss', 'least'] as const;

type Entry = Pick<CataloguePicture, 'label' | 'attacks'>;

/** The attack that fools the most images, the last of equals, as the report chooses its worst. */
export function hardestAttack(entries: readonly Entry[], attacks: readonly string[]): string {
  const fooled = (attack: string): number =>
    entries.filter(({ attacks: found }) => found?.[attack]?.robust === false).length;
  return attacks.reduce((worst, attack) => (fooled(attack) >= fooled(worst) ? attack : worst));
}

/**
 * The images of a run that fit a choice, in its order; images that nothing was found of come last.
 *
 * `wrong`: wrong as they are. `fooled`: right as they are and wrong somewhere.
 * How little it takes is a breaking point where the attack looked for one, else the size of the worst transformation of
 * images that it fooled.
 * @param sizeOf size of a transformation as a share of the limits
 */
export function chooseImages<E extends Entry>(
  entries: readonly E[],
  { attack, label, outcome, order }: GalleryChoice,
  sizeOf: (t: readonly [number, number, number]) => number,
): E[] {
  const isWrong = ({ attacks, label: own }: Entry): boolean =>
    attacks?.natural === undefined ? false : attacks.natural.predicted !== own;
  const fits = (entry: E): boolean => {
    const robust = entry.attacks?.[attack]?.robust;
    if (label !== undefined && entry.label !== label) return false;
    if (outcome === 'wrong') return isWrong(entry);
    if (outcome === 'fooled') return robust === false && !isWrong(entry);
    return outcome === 'all' || robust === true;
  };
  const value = ({ attacks }: Entry): number => {
    const found = attacks?.[attack];
    if (order === 'loss') return found === undefined ? Infinity : -found.loss;
    if (order === 'index' || found === undefined) return order === 'index' ? 0 : Infinity;
    if (found.breakingPoint !== undefined) return found.breakingPoint ?? Infinity;
    return found.robust ? Infinity : sizeOf(found.worst);
  };
  return entries
    .filter(fits)
    .map((entry, i) => ({ entry, i, by: value(entry) }))
    .sort((a, b) => (a.by === b.by ? a.i - b.i : a.by < b.by ? -1 : 1))
    .map(({ entry }) => entry);
}
