import { areNumbers, few } from '../data/class-order.ts';
import type { Labelling } from '../data/labelling.ts';
import type { ImageSource } from '../data/source.ts';
import { misuse } from '../errors/error.ts';
import { optionWords } from '../errors/option-words.ts';
import type { ModelClasses } from './fit-classes.ts';
import { formatCount } from '../notation/numbers.ts';

/** `model.onnx has 10 outputs`, `… 1,001 outputs, 1,000 behind --label-offset 1` */
function outputsOf({ name, outputs, labelOffset }: ModelClasses): string {
  const behind =
    labelOffset === 0
      ? ''
      : `, ${formatCount(outputs - labelOffset)} behind ${optionWords('label-offset', labelOffset)}`;
  return `${name} has ${formatCount(outputs)} outputs${behind}`;
}

/** The question where a model has one output more than there are classes, and nobody said which one it is. */
export function askAboutOffset(subject: string, classes: number, unit: string, model: ModelClasses): Error {
  return misuse({
    code: 'classes-differ',
    subject,
    problem: `has ${formatCount(classes)} ${unit}, but ${outputsOf(model)}: one more.`,
    advice:
      `Which output belongs to no class? ${optionWords('label-offset', 1)} if it is the first, a ` +
      'background class before all others; ' +
      `${optionWords('label-offset', 0)} if it is the last, so that labels stay as they are.`,
  });
}

/**
 * The question where names that were numbered are fewer or more than the model's classes: a class that is missing
 * shifts all behind it.
 * @param names those in the data, for the advice
 */
export function askAboutCounts(
  subject: string,
  classes: number,
  unit: string,
  names: readonly string[],
  model: ModelClasses,
): Error {
  const expected = model.outputs - model.labelOffset;
  const ways = [
    ...(names.length > 0
      ? [`name the model's ${formatCount(expected)} classes in its order with ${optionWords('class-names', 'FILE')}`]
      : []),
    ...(names.length === 0
      ? [`give a list of all ${formatCount(expected)} with ${optionWords('class-names', 'FILE')}`]
      : []),
    ...(areNumbers(names)
      ? [
          `say ${optionWords('class-names', 'numbers')} if the names are class numbers, from ` +
            `${optionWords('first-label')} on`,
        ]
      : []),
    ...(unit === 'folders' && classes < expected ? ['add the missing classes as empty folders'] : []),
    ...(classes === model.outputs - 1 && !model.offsetGiven
      ? [`say ${optionWords('label-offset', 1)} if the model's first output is a background class`]
      : []),
    ...(classes < expected
      ? [
          `say ${optionWords('classes-differ', 'keep')} if they are the model's first ${formatCount(classes)}, ` +
            'in this order',
        ]
      : ['move away what is no class, or check that model and data belong together']),
  ];
  return misuse({
    code: 'classes-differ',
    subject,
    problem:
      `has ${formatCount(classes)} ${unit}${names.length === 0 ? '' : ` (${few(names)})`}, but ${outputsOf(model)}: ` +
      'which class is which is open.',
    advice: `${capital(ways.slice(0, -1).join('; '))}; or ${ways.at(-1)!}.`,
  });
}

/**
 * The refusal of data whose names are all the same: a folder of images in place of one with a folder for each class.
 */
export function askAboutOneClass({ name, classNames = [] }: ImageSource, unit: string, model: ModelClasses): Error {
  const [only] = classNames;
  const what = unit === 'folders' ? `just one folder of images, ${only}` : `just one class, ${only}`;
  return misuse({
    code: 'one-class',
    subject: name,
    problem: `has ${what}, but ${outputsOf(model)}.`,
    advice:
      'Images are sorted into a folder for each class, or listed in a CSV file with the columns path,label. ' +
      `If ${only} is a class of the model, name all of these in its order with ${optionWords('class-names', 'FILE')}.`,
  });
}

/** @throws misuse `label-out-of-range` where labels name classes that the model does not have */
export function requireInRange(source: ImageSource, model: ModelClasses): void {
  const { least, largest, placeOf = (position) => `image ${position}` } = source.labelling as Labelling;
  const classes = model.outputs - model.labelOffset;
  if (largest < classes) return;
  const fromOne =
    largest === classes && least >= 1
      ? `If its classes count from 1, add ${optionWords('first-label', 1)}. Otherwise check`
      : 'Check';
  const first = source.labels && Array.prototype.findIndex.call(source.labels, (label: number) => label >= classes);
  const place = first === undefined ? '' : ` (the first beyond at ${placeOf(first)})`;
  throw misuse({
    code: 'label-out-of-range',
    subject: source.name,
    problem: `has labels from ${least} to ${largest}${place}, but ${outputsOf(model)}: classes 0 to ${classes - 1}.`,
    advice:
      `${fromOne} that model and data belong ` +
      `together${model.labelOffset > 0 ? `, and ${optionWords('label-offset')}` : ''}.`,
  });
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
