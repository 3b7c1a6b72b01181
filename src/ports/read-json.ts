import type { z } from 'zod';
import { parseBySchema } from '../json/by-schema.ts';
import type { JsonSource } from '../json/parse-json.ts';
import { parseSealed } from '../json/sealed.ts';
import type { Files } from './files.ts';
import { readText, readTextIfThere } from './read-text.ts';

/** What messages say of a file, which itself is their subject. */
export type JsonFile = Omit<JsonSource, 'subject'>;

/**
 * The one way in which JSON files are read: their text in UTF-8 or UTF-16, its value by a schema.
 * @throws misuse with the code given, naming file, place, what was found and what is allowed; `unreadable-file`,
 *   `not-text`
 */
export async function readJson<S extends z.ZodType>(
  files: Pick<Files, 'read'>,
  path: string,
  schema: S,
  file: JsonFile,
): Promise<z.output<S>> {
  return parseBySchema(await readText(files, path), schema, { ...file, subject: path });
}

/** As `readJson`; undefined where there is no such file. */
export async function readJsonIfThere<S extends z.ZodType>(
  files: Pick<Files, 'readIfThere'>,
  path: string,
  schema: S,
  file: JsonFile,
): Promise<z.output<S> | undefined> {
  const text = await readTextIfThere(files, path);
  return text === undefined ? undefined : parseBySchema(text, schema, { ...file, subject: path });
}

/** As `readJsonIfThere`, of a file that was sealed: its checksum has to hold. */
export async function readSealed<S extends z.ZodType>(
  files: Pick<Files, 'readIfThere'>,
  path: string,
  schema: S,
  file: JsonFile,
): Promise<z.output<S> | undefined> {
  const text = await readTextIfThere(files, path);
  return text === undefined ? undefined : parseSealed(text, schema, { ...file, subject: path });
}
