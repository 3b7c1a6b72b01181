import type { z } from 'zod';
import { sha256OfText } from '../digest/sha256.ts';
import { misuse } from '../errors/error.ts';
import { bySchema } from './by-schema.ts';
import { type JsonSource, parseJson } from './parse-json.ts';

/** Hexadecimal digits of a checksum: chance lets a damaged file pass once in 2⁶⁴. */
const DIGITS = 16;

/** A value with a checksum of all that it holds, for a file that Gimbal reads again. */
export function sealed<T extends object>(value: T): T & { readonly checksum: string } {
  return { ...value, checksum: checksumOf(value) };
}

/**
 * What a text that was sealed holds, read by a schema; one of version 0.1.0, which has no checksum, is taken as it is.
 * @throws misuse as `parseBySchema`, and with the same code where the checksum does not hold
 */
export function parseSealed<S extends z.ZodType>(text: string, schema: S, source: JsonSource): z.output<S> {
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
  return sha256OfText(JSON.stringify(value)).slice(0, DIGITS);
}
