import { z } from 'zod';
import type { SkippedImage } from '../../data/source.ts';
import { formatField, formatName } from '../../json/format.ts';
import { sealed } from '../../json/sealed.ts';
import { readSealed } from '../../ports/read-json.ts';
import type { Files } from '../../ports/files.ts';
import { toText } from '../../json/to-text.ts';
import { optionWords } from '../../errors/option-words.ts';

const UNREADABLE_FILE = 'unreadable.json';

const KIND = 'unreadable';
const FORMAT = 1;

const imagesSchema = z.array(
  z.object({ position: z.int().min(0), path: z.string(), reason: z.string(), sha256: z.string().optional() }),
);

/** Version 0.1.0 wrote the list alone. */
const schema = z.union([
  imagesSchema,
  z.looseObject({ format: formatField(KIND, FORMAT), images: imagesSchema }).transform(({ images }) => images),
]);

/** The images that a run left out because they could not be read, as their files were then. */
export async function readUnreadable(files: Files, directory: string): Promise<readonly SkippedImage[]> {
  const damaged = {
    code: 'run-folder-damaged',
    advice: `Put it back from a copy, or start anew with another ${optionWords('out')}.`,
  };
  return (await readSealed(files, files.join(directory, UNREADABLE_FILE), schema, damaged)) ?? [];
}

export async function writeUnreadable(files: Files, directory: string, images: readonly SkippedImage[]): Promise<void> {
  const path = files.join(directory, UNREADABLE_FILE);
  if (images.length === 0) await files.remove(path);
  else await files.write(path, toText(sealed({ format: formatName(KIND, FORMAT), images })));
}
