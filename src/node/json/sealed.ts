import type { z } from 'zod';
import { misuse } from '../../errors/error.ts';
import { bySchema } from '../../json/by-schema.ts';
import { type JsonSource, parseJson } from '../../json/parse-json.ts';
import { readTextIfThere } from '../data/read-text.ts';
import { sha256Of } from '../sha256.ts';
import type { JsonFile } from './read-json.ts';

/** Hexadecimal digits of a checksum: chance lets a damaged file pass once in 2⁶⁴. */
const DIGITS = 16;

/** A value with a checksum of all that it holds, for a file that Gimbal reads again. */
export function sealed<T extends object>(value: T): T & { readonly checksum: string } {
  return { ...value, checksum: checksumOf(value) };
}

/**
 * Reads a file that was sealed; one of version 0.1.0, which has no checksum, is taken as it is.
 * @throws misuse as `readJson`, and with the same code where the checksum does not hold
 */
export async function readSealed<S extends z.ZodType>(
  path: string,
  schema: S,
  file: JsonFile,
): Promise<z.output<S> | undefined> {
  const text = await readTextIfThere(path);
  if (text === undefined) return undefined;
  const source = { ...file, subject: path };
  return bySchema(unsealed(parseJson(text, source), source), schema, source);
}

/** The value without its checksum. */
function unsealed(value: unknown, source: JsonSource): unknown {
  if (typeof value !== 'object' || value === null || !('checksum' in value)) return value;
  const { checksum, ...rest } = value;
  if (checksum === checksumOf(rest)) return rest;
  throw misuse({ ...source, problem: 'was changed or damaged since it was written: its checksum does not hold.' });
}

function checksumOf(value: object): string {
  return sha256Of(new TextEncoder().encode(JSON.stringify(value))).slice(0, DIGITS);
}
