import { areNumbers, few, orderClasses } from '../data/class-order.ts';
import type { ClassList } from '../data/class-list.ts';
import { numberLabelling, type Labelling } from '../data/labelling.ts';
import { matchNames, refuseUnknown } from '../data/match-classes.ts';
import { relabel } from '../data/relabel.ts';
import type { ImageSource } from '../data/source.ts';
import { misuse } from '../errors/error.ts';
import { optionWords } from '../errors/option-words.ts';
import { askAboutCounts, askAboutOffset, askAboutOneClass, requireInRange } from './class-questions.ts';
import { largestOf } from '../statistics/extremes.ts';

/** What a model says of its classes. */
export interface ModelClasses {
  /** How messages call it. */
  readonly name: string;
  /** Scores that it gives for an image. */
  readonly outputs: number;
  readonly labelOffset: number;
  /** Whether anyone said so: the user, the sidecar file or the metadata. */
  readonly offsetGiven: boolean;
  /** Names of its classes by its metadata or its sidecar file. */
  readonly list?: ClassList;
}

/** What a user says of the classes. */
export interface ClassAnswers {
  /** Names of the model's classes; `numbers` where the names in the data are the numbers of the classes. */
  readonly classNames?: ClassList | 'numbers';
  /** What number the data call the first class by. Default 0. */
  readonly firstLabel?: number;
  /** Where the data have fewer classes than the model: take them for the first ones of the model. */
  readonly keep?: boolean;
}

/** A source whose labels name classes, with the names that these come from. */
type Named = ImageSource & { readonly labelling: Labelling; readonly classNames: readonly string[] };

/**
 * Sets the classes of data against those of a model. Numbers name the model's classes outright. Names are looked up in
 * the list of the model's classes where there is one; else they are numbered in their order, which holds only if there
 * are as many.
 * @returns the source with labels that are classes of the model
 * @throws misuse `classes-differ`, `one-class`, `unknown-class`, `ambiguous-class`, `label-out-of-range`,
 *   `class-not-a-number`
 */
export function fitClasses(source: ImageSource, model: ModelClasses, answers: ClassAnswers = {}): ImageSource {
  const { labelling } = source;
  if (labelling === undefined) return source;
  const list = listFor(model, answers);
  const numbered =
    labelling.by === 'names' && answers.classNames === 'numbers' ? namesAsNumbers(source as Named) : source;
  const fitted =
    numbered.labelling?.by === 'names'
      ? fitNames(numbered as Named, model, answers, list)
      : fitNumbers(numbered, model, answers, list);
  requireInRange(fitted, model);
  return fitted;
}

/**
 * The list to go by, without the classes before the label offset. Metadata that contradict the model count for nothing.
 */
function listFor(model: ModelClasses, { classNames, keep }: ClassAnswers): ClassList | undefined {
  const list = typeof classNames === 'object' ? classNames : model.list;
  if (list === undefined) return undefined;
  const { outputs, labelOffset } = model;
  const count = list.names.length;
  if (count === outputs) return { ...list, names: list.names.slice(labelOffset) };
  if (count === outputs - labelOffset) return list;
  if (count === outputs - 1 && !model.offsetGiven) throw askAboutOffset(list.from, count, 'names', model);
  if (list === model.list) return undefined;
  if (!keep || count > outputs - labelOffset) throw askAboutCounts(list.from, count, 'names', [], model);
  return list;
}

function namesAsNumbers(source: Named): ImageSource {
  const { classNames, labelling } = source;
  if (!areNumbers(classNames)) {
    throw misuse({
      code: 'class-not-a-number',
      subject: optionWords('class-names', 'numbers'),
      problem:
        `does not go with the ${labelling.unit} of ${source.name}: ` +
        `"${classNames.find((name) => !areNumbers([name]))}" is no whole number.`,
      advice: 'Give a file with the names of all classes in the order of the model.',
    });
  }
  const numbers = classNames.map(Number);
  return relabel(source, {
    of: (label) => numbers[label],
    rule: isIdentity(numbers) ? undefined : numbers,
    classes: largestOf(numbers) + 1,
    labelling: numberLabelling(numbers),
    notes: [`classes: the ${labelling.unit} are class numbers`],
  });
}

function fitNumbers(
  source: ImageSource,
  model: ModelClasses,
  { firstLabel = 0 }: ClassAnswers,
  list: ClassList | undefined,
): ImageSource {
  const labelling = source.labelling as Labelling;
  const { promised = list?.names.length } = labelling;
  const shifted = firstLabel === 0 ? source : shiftDown(source, firstLabel);
  const { least, largest, present } = shifted.labelling as Labelling;
  const classes = model.outputs - model.labelOffset;
  if (!model.offsetGiven) {
    // ImageNet's 1,000 classes are numbered from 0; in a model of 1,001 the class 0 is that of no object.
    const says = promised ?? (present === largest + 1 && [10, 100, 1000].includes(present) ? present : undefined);
    const imageNet = classes === 1001 && least === 0 && largest <= 999 ? 1000 : undefined;
    const due = says === classes - 1 ? says : imageNet;
    if (due !== undefined) throw askAboutOffset(source.name, due, 'classes', model);
  }
  const aligned = list && alignNames(shifted, list);
  return aligned ?? (list === undefined ? shifted : { ...withNames(shifted, list.names) });
}

function shiftDown(source: ImageSource, by: number): ImageSource {
  const { least, largest, present, promised } = source.labelling as Labelling;
  if (least < by) {
    throw misuse({
      code: 'label-out-of-range',
      subject: source.name,
      problem: `has the label ${least}, but ${optionWords('first-label')} says that its classes count from ${by}.`,
      advice: `Give the least number that its first class can have.`,
    });
  }
  return relabel(source, {
    of: (label) => label - by,
    rule: { minus: by },
    classes: largest - by + 1,
    classNames: source.classNames,
    labelling: { by: 'numbers', least: least - by, largest: largest - by, present, promised },
  });
}

/** Numbered data with names of their own, of a model that has the same names in another order. */
function alignNames(source: ImageSource, list: ClassList): ImageSource | undefined {
  const { classNames = [], labelling } = source;
  if (classNames.length !== list.names.length || new Set(list.names).size < list.names.length) return undefined;
  const { classes, unknown } = matchNames(classNames, list);
  if (unknown.length > 0) return undefined;
  const indices = classes as readonly number[];
  if (isIdentity(indices)) return source;
  return relabel(source, {
    of: (label) => indices[label],
    rule: indices,
    classes: list.names.length,
    classNames: list.names,
    labelling: { ...(labelling as Labelling), largest: list.names.length - 1 },
    notes: [`classes: in the order of ${list.from}: ${few(list.names)}`],
  });
}

function withNames(source: ImageSource, names: readonly string[]): ImageSource {
  const { classes, labelling } = source;
  return relabel(source, {
    of: (label) => label,
    rule: undefined,
    classes: Math.max(classes, names.length),
    classNames: source.classNames ?? names,
    labelling: labelling as Labelling,
  });
}

function fitNames(source: Named, model: ModelClasses, answers: ClassAnswers, list: ClassList | undefined): ImageSource {
  const { classNames, labelling, name } = source;
  const { unit = 'names', empty = [] } = labelling;
  if (answers.firstLabel !== undefined) {
    throw misuse({
      code: 'unused-option',
      subject: optionWords('first-label'),
      problem: `says nothing about ${name}, whose classes have names.`,
      advice: `If these are class numbers, add ${optionWords('class-names', 'numbers')}.`,
    });
  }
  const classes = model.outputs - model.labelOffset;
  if (list !== undefined) {
    const matching = matchNames([...classNames, ...empty], list);
    const known = classNames.filter((_, at) => matching.classes[at] !== undefined).length;
    // Metadata may call the classes otherwise than the data do, by words where the folders are codes of WordNet.
    if (known > 0 || answers.classNames !== undefined) {
      const own = matchNames(classNames, list);
      refuseUnknown(own, list, name, unit);
      return byList(source, own.classes as readonly number[], list);
    }
    if (classNames.length === classes) {
      return withNotes(source, [
        `classes: ${orderClasses(classNames, unit).told}; ${list.from} calls them otherwise ("${list.names[0]}", ` +
          `"${list.names[1]}", …), so nothing vouches for this order`,
      ]);
    }
  }
  if (classNames.length === classes) return withNotes(source, [`classes: ${orderClasses(classNames, unit).told}`]);
  const all = orderClasses([...classNames, ...empty], unit);
  if (all.names.length === classes) {
    const indices = classNames.map((own) => all.names.indexOf(own));
    return renumber(source, indices, all.names, [`classes: ${all.told}; no images of ${few(empty)}`]);
  }
  if (classNames.length < 2) throw askAboutOneClass(source, unit, model);
  if (!answers.keep || classNames.length > classes)
    throw askAboutCounts(name, classNames.length, unit, classNames, model);
  return withNotes(source, [
    `classes: ${orderClasses(classNames, unit).told}; taken for the first of the model's ${classes}`,
  ]);
}

function byList(source: Named, indices: readonly number[], list: ClassList): ImageSource {
  const { length } = list.names;
  const absent = list.names.filter((_, index) => !indices.includes(index));
  const told = `classes: ${length - absent.length} of the ${length} in ${list.from}`;
  return renumber(source, indices, list.names, [
    absent.length === 0 ? `${told}: ${few(list.names)}` : `${told}; no images of ${few(absent)}`,
  ]);
}

function renumber(
  source: Named,
  indices: readonly number[],
  names: readonly string[],
  notes: readonly string[],
): ImageSource {
  const largest = indices.reduce((most, index) => Math.max(most, index), -1);
  return relabel(source, {
    of: (label) => indices[label],
    rule: isIdentity(indices) ? undefined : indices,
    classes: names.length,
    classNames: names,
    labelling: { ...source.labelling, largest, promised: names.length, empty: [] },
    notes,
  });
}

function withNotes(source: Named, notes: readonly string[]): ImageSource {
  const { classes, classNames, labelling } = source;
  return relabel(source, { of: (label) => label, rule: undefined, classes, classNames, labelling, notes });
}

function isIdentity(indices: readonly number[]): boolean {
  return indices.every((index, at) => index === at);
}
