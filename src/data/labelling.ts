/** How the labels of a data set came to be numbers: what a model's classes are set against. */
export interface Labelling {
  /**
   * `numbers`: the data say numbers, which name the classes of a model outright. `names`: the data say names, and
   * whoever read them numbered these in an order of their own, so that a class too many or too few shifts the others.
   */
  readonly by: 'numbers' | 'names';
  readonly least: number;
  readonly largest: number;
  /** How many different labels occur. */
  readonly present: number;
  /** Classes that the format has, as CIFAR-10's ten, or that a list names, whether they occur or not. */
  readonly promised?: number;
  /** What the names are those of, for messages: `folders`. */
  readonly unit?: string;
  /** Where the label of an image stands, for messages: `line 18`. */
  readonly placeOf?: (position: number) => string;
  /** Names of folders without any file. They may be classes of which there is no image, or mean nothing. */
  readonly empty?: readonly string[];
}

/** The labelling of data that say numbers; of no labels, `least` and `largest` are −1. */
export function numberLabelling(labels: ArrayLike<number>, promised?: number): Labelling {
  return { by: 'numbers', ...rangeOf(labels), promised };
}

/** The labelling of data that say names. */
export function nameLabelling(labels: ArrayLike<number>, unit: string, empty: readonly string[] = []): Labelling {
  return { by: 'names', ...rangeOf(labels), unit, empty };
}

/** Least and largest label, and how many different ones there are. */
function rangeOf(labels: ArrayLike<number>): Pick<Labelling, 'least' | 'largest' | 'present'> {
  const seen = new Set<number>();
  let least = labels.length === 0 ? -1 : Infinity;
  let largest = -1;
  for (let position = 0; position < labels.length; position++) {
    const label = labels[position];
    seen.add(label);
    if (label < least) least = label;
    if (label > largest) largest = label;
  }
  return { least, largest, present: seen.size };
}
