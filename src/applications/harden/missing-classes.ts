import type { ImageSource } from '../../data/source.ts';
import { optionWords } from '../../errors/option-words.ts';
import { formatCount } from '../../notation/numbers.ts';

/**
 * What to be aware of where images are trained on that lie in some of the model's classes only.
 * @param classes that the model tells
 */
export function missingClasses(
  { labels, classes: most, name }: Pick<ImageSource, 'labels' | 'classes' | 'name'>,
  classes: number,
): string | undefined {
  const present = labels === undefined ? most : new Set(Array.from(labels)).size;
  if (present >= classes) return undefined;
  return (
    `The images of ${name} lie in ${labels === undefined ? 'at most ' : ''}${formatCount(present)} of the model's ` +
    `${formatCount(classes)} classes: what it knows of the others may be lost, which shows on images of these ` +
    `alone. Give images of all classes, or ${optionWords('labels', 'none')}, by which the model keeps to its own ` +
    'answers.'
  );
}
