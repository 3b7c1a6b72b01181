import { misuse } from '../errors/error.ts';

/** The classes of ImageNet as a file lists them. */
export interface Synsets {
  readonly file: string;
  /** WordNet ids in the order of the file. */
  readonly ids: readonly string[];
  /** By id, where the file tells: `goldfish, Carassius auratus`. */
  readonly words: ReadonlyMap<string, string>;
  /** By the numbers of the development kit, where the file tells them: `n02119789 1 kit_fox`. */
  readonly numbers?: ReadonlyMap<number, string>;
}

const LINE = /^(n\d{8})(?:\s+(\d+))?(?:[\s,:]+(.*))?$/;

/**
 * Reads a file of synsets, one on each line: `n01440764`, `n01440764 tench, Tinca tinca`, or with the number of the
 * development kit `n02119789 1 kit_fox`.
 * @throws misuse `malformed-synsets` with the line
 */
export function readSynsets(text: string, file: string): Synsets {
  const ids: string[] = [];
  const words = new Map<string, string>();
  const numbers = new Map<number, string>();
  const seen = new Set<string>();
  for (const [at, raw] of text.split(/\r\n|\n|\r/).entries()) {
    const line = raw.trim();
    if (line === '') continue;
    const [, id, number, name = ''] = LINE.exec(line) ?? [];
    if (id === undefined || seen.has(id)) {
      throw misuse({
        code: 'malformed-synsets',
        subject: `${file}, line ${at + 1}`,
        problem: id === undefined ? 'does not begin with a WordNet id, as n01440764.' : `names ${id} a second time.`,
        advice: 'A synset file has a line for each class, in their order: n01440764 tench, Tinca tinca.',
      });
    }
    ids.push(id);
    seen.add(id);
    if (name !== '') words.set(id, name.trim());
    if (number !== undefined) numbers.set(Number(number), id);
  }
  return { file, ids, words, ...(numbers.size === ids.length && ids.length > 0 ? { numbers } : {}) };
}

/** What a file of labels says of the validation images. */
export type GroundTruth =
  /** The id of each image, by its name without ending. */
  | { readonly kind: 'named'; readonly ids: ReadonlyMap<string, string> }
  /** The class of each image as models number them, by its name without ending: Caffe's `val.txt`. */
  | { readonly kind: 'classes'; readonly classes: ReadonlyMap<string, number> }
  /** The id of the first, second, … image. */
  | { readonly kind: 'ids'; readonly ids: readonly string[] }
  /** The number of the first, second, … image: that of the development kit, from 1. */
  | { readonly kind: 'numbers'; readonly numbers: readonly number[] };

/**
 * Reads `LOC_val_solution.csv` of Kaggle (`ImageId,PredictionString`), `ILSVRC2012_validation_ground_truth.txt` of the
 * development kit (a number for each image), a list of WordNet ids, one for each image, or Caffe's `val.txt`
 * (`ILSVRC2012_val_00000001.JPEG 65`).
 * @throws misuse `malformed-label` with the line
 */
export function readGroundTruth(text: string, file: string): GroundTruth {
  const lines = text.split(/\r\n|\n|\r/).map((line) => line.trim());
  while (lines.at(-1) === '') lines.pop();
  const odd = (at: number, what: string): Error =>
    misuse({
      code: 'malformed-label',
      subject: `${file}, line ${at + 1}`,
      problem: `${what}.`,
      advice: 'Get the file again.',
    });
  if (/^imageid\s*,/i.test(lines[0] ?? '')) {
    const ids = new Map<string, string>();
    for (const [at, line] of lines.entries()) {
      if (at === 0) continue;
      const [, image, id] = /^([^,]+),\s*"?(n\d{8})\b/.exec(line) ?? [];
      if (image === undefined) throw odd(at, 'does not name an image and a WordNet id');
      ids.set(image.replace(/\.jpe?g$/i, ''), id);
    }
    return { kind: 'named', ids };
  }
  const named = lines.map((line) => /^(\S+)\.jpe?g\s+(\d{1,6})$/i.exec(line));
  if (named.length > 0 && named[0] !== null) {
    const classes = named.map((match, at) => {
      if (match === null) throw odd(at, 'does not name an image and its class');
      return [match[1], Number(match[2])] as const;
    });
    return { kind: 'classes', classes: new Map(classes) };
  }
  if (lines.every((line) => /^n\d{8}$/.test(line)) && lines.length > 0) return { kind: 'ids', ids: lines };
  const numbers = lines.map((line, at) => {
    if (!/^[1-9]\d{0,5}$/.test(line)) throw odd(at, `is "${line.slice(0, 40)}", which is no class number from 1 up`);
    return Number(line);
  });
  return { kind: 'numbers', numbers };
}

/** A class for each image: numbers where the classes and their order are known, else WordNet ids. */
export interface ImageNetLabels {
  readonly labels: readonly (number | string)[];
  readonly classNames?: readonly string[];
  readonly notes: readonly string[];
}

/**
 * The classes of validation images. Models number them by their WordNet ids in alphabetical order; the development kit
 * has another order, which a synset file has to tell.
 * @param names of the images, without ending, in their order
 * @throws misuse `missing-labels`, `wrong-size`, `missing-synsets`, `unknown-class`, `label-out-of-range`
 */
export function imageNetLabels(
  names: readonly string[],
  truth: GroundTruth,
  file: string,
  synsets: Synsets | undefined,
): ImageNetLabels {
  if (truth.kind === 'classes') return numberedLabels(names, truth.classes, file, synsets);
  const ids = idsOf(names, truth, file, synsets);
  if (synsets === undefined) return { labels: ids, notes: [] };
  const order = [...synsets.ids].sort();
  const labelOf = new Map(order.map((id, label) => [id, label]));
  return {
    labels: ids.map((id, at) => {
      const label = labelOf.get(id);
      if (label !== undefined) return label;
      throw misuse({
        code: 'unknown-class',
        subject: file,
        problem: `has ${names[at]} as ${id}, which is not among the ${order.length} classes of ${synsets.file}.`,
        advice: 'Give the synset file that belongs to these labels.',
      });
    }),
    classNames: order.map((id) => synsets.words.get(id) ?? id),
    notes: [`classes: ${order.length} synsets of ${synsets.file}, in alphabetical order of their WordNet ids`],
  };
}

/** Of labels that are classes of models already; a synset file gives them names. */
function numberedLabels(
  names: readonly string[],
  classes: ReadonlyMap<string, number>,
  file: string,
  synsets: Synsets | undefined,
): ImageNetLabels {
  const labels = names.map((name) => {
    const label = classes.get(name);
    if (label === undefined) throw missing(name, file);
    return label;
  });
  const order = synsets === undefined ? [] : [...synsets.ids].sort();
  if (synsets === undefined || labels.some((label) => label >= order.length)) return { labels, notes: [] };
  return { labels, classNames: order.map((id) => synsets.words.get(id) ?? id), notes: [] };
}

/** Images are numbered by their names, of which there may be a part: `ILSVRC2012_val_00000017`. */
const numberOf = (name: string): number => Number(/(\d+)$/.exec(name)![1]);

function idsOf(
  names: readonly string[],
  truth: Exclude<GroundTruth, { readonly kind: 'classes' }>,
  file: string,
  synsets: Synsets | undefined,
): readonly string[] {
  if (truth.kind === 'named')
    return names.map((name) => {
      const id = truth.ids.get(name);
      if (id === undefined) throw missing(name, file);
      return id;
    });
  const count = truth.kind === 'ids' ? truth.ids.length : truth.numbers.length;
  const beyond = names.find((name) => numberOf(name) < 1 || numberOf(name) > count);
  if (beyond !== undefined) throw missing(beyond, `${file} (${count} lines)`);
  if (truth.kind === 'ids') return names.map((name) => truth.ids[numberOf(name) - 1]);
  const byNumber = numbering(file, synsets);
  return names.map((name) => {
    const number = truth.numbers[numberOf(name) - 1];
    const id = byNumber(number);
    if (id !== undefined) return id;
    throw misuse({
      code: 'label-out-of-range',
      subject: `${file}, line ${numberOf(name)}`,
      problem: `says class ${number}; ${synsets!.file} lists ${synsets!.ids.length} classes, from 1 on.`,
      advice: 'Give the synset file that belongs to these labels.',
    });
  });
}

function missing(name: string, file: string): Error {
  return misuse({
    code: 'missing-labels',
    subject: file,
    problem: `has no label for ${name}.`,
    advice: 'Get the file that belongs to these images.',
  });
}

/** What the numbers of the development kit stand for. */
function numbering(file: string, synsets: Synsets | undefined): (number: number) => string | undefined {
  const advice =
    'Put a synset file with these numbers beside it (map_clsloc.txt, lines as "n02119789 1 kit_fox"), ' +
    'or LOC_val_solution.csv, which names the classes themselves.';
  if (synsets === undefined) {
    throw misuse({
      code: 'missing-synsets',
      subject: file,
      problem: 'says classes by the numbers of the development kit, whose order is not that of any model.',
      advice,
    });
  }
  const { numbers, ids } = synsets;
  if (numbers !== undefined) return (number) => numbers.get(number);
  // The kit begins with n02119789, and its order is not alphabetical: a list that is was made for models.
  if (ids.length === 1000 && ids.every((id, at) => at === 0 || ids[at - 1] < id)) {
    throw misuse({
      code: 'missing-synsets',
      subject: file,
      problem:
        `says classes by the numbers of the development kit, and ${synsets.file} lists them in alphabetical ` +
        'order, as models do: the two do not go together.',
      advice,
    });
  }
  return (number) => ids[number - 1];
}
