import { misuse } from '../errors/error.ts';
import { optionWords } from '../errors/option-words.ts';
import type { ImageSource, SkippedImage } from './source.ts';

export const UNREADABLE = 'unreadable-image';

/** An image that cannot be read, as an error. */
export function unreadableImage({ path, reason }: SkippedImage): Error {
  return misuse({
    code: UNREADABLE,
    subject: path,
    problem: `cannot be read as an image (${firstLine(reason)}).`,
    advice: `Mend or remove it, or leave such images out with ${optionWords('skip-unreadable')}.`,
  });
}

/** @throws misuse `unreadable-image` where images of the source are known to be unreadable */
export function refuseFaults({ faults = [] }: ImageSource): void {
  if (faults.length === 0) return;
  if (faults.length === 1) throw unreadableImage(faults[0]);
  const named = faults.slice(0, 3).map(({ path, reason }) => `${path} (${firstLine(reason)})`);
  throw misuse({
    code: UNREADABLE,
    subject: `${faults.length} images`,
    problem: `cannot be read: ${named.join(', ')}${faults.length > 3 ? ' and others' : ''}.`,
    advice: `Mend or remove them, or leave such images out with ${optionWords('skip-unreadable')}.`,
  });
}

/** libvips repeats itself, a line for each attempt. */
function firstLine(reason: string): string {
  return reason.trim().split('\n')[0];
}
