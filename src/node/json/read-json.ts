import type { z } from 'zod';
import { parseBySchema } from '../../json/by-schema.ts';
import type { JsonSource } from '../../json/parse-json.ts';
import { readText, readTextIfThere } from '../data/read-text.ts';

/** What messages say of a file, which itself is their subject. */
export type JsonFile = Omit<JsonSource, 'subject'>;

/**
 * The one way in which JSON files are read: their text in UTF-8 or UTF-16, its value by a schema.
 * @throws misuse with the code given, naming file, place, what was found and what is allowed; `unreadable-file`,
 *   `not-text`
 */
export async function readJson<S extends z.ZodType>(path: string, schema: S, file: JsonFile): Promise<z.output<S>> {
  return parseBySchema(await readText(path), schema, { ...file, subject: path });
}

/** As `readJson`; undefined where there is no such file. */
export async function readJsonIfThere<S extends z.ZodType>(
  path: string,
  schema: S,
  file: JsonFile,
): Promise<z.output<S> | undefined> {
  const text = await readTextIfThere(path);
  return text === undefined ? undefined : parseBySchema(text, schema, { ...file, subject: path });
}
