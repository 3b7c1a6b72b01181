import type { ImageSource } from '../data/source.ts';
import { orderClasses } from '../data/class-order.ts';
import { relabel } from '../data/relabel.ts';
import { misuse } from '../errors/error.ts';
import { type ClassAnswers, fitClasses } from './fit-classes.ts';

/**
 * Numbers the classes of data that no model says anything of yet: those that it is to be trained on. With a list of
 * names there are as many classes as names; else as many as the data have, in their order, which is told.
 * @throws misuse `one-class`, and as `fitClasses`
 */
export function numberClasses(source: ImageSource, answers: ClassAnswers = {}): ImageSource {
  const { labelling, classNames = [] } = source;
  const { classNames: given, firstLabel } = answers;
  const outputs = typeof given === 'object' ? given.names.length : Number.MAX_SAFE_INTEGER;
  const open = given === undefined && labelling?.by === 'names' && firstLabel === undefined;
  const numbered = open
    ? relabel(source, {
        of: (label) => label,
        rule: undefined,
        classes: source.classes,
        classNames,
        labelling,
        notes: [`classes: ${orderClasses(classNames, labelling.unit ?? 'names').told}`],
      })
    : fitClasses(source, { name: 'the list', outputs, labelOffset: 0, offsetGiven: true }, answers);
  if (numbered.classes < 2) {
    throw misuse({
      code: 'one-class',
      subject: source.name,
      problem:
        `has just one class${classNames.length === 1 ? `, ${classNames[0]}` : ''}; ` +
        'a classifier tells at least two apart.',
      advice: 'Sort the images into a folder for each class, or list them in a CSV file with the columns path,label.',
    });
  }
  return numbered;
}
