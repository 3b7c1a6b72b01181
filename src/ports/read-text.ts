import { misuse } from '../errors/error.ts';
import type { Files } from './files.ts';

/** A list of ten million images has about so many bytes; V8 holds no string of twice as many. */
const MOST_BYTES = 2 ** 28;

/**
 * The text of a file that people write: CSV, JSON, names. UTF-8 or UTF-16, with or without a byte order mark, which is
 * taken off; spreadsheets and PowerShell write all of these.
 * @throws misuse `unreadable-file`, `file-too-large`, `not-text`
 */
export async function readText(files: Pick<Files, 'read'>, path: string): Promise<string> {
  return decodeText(await files.read(path, MOST_BYTES), path);
}

/** As `readText`; undefined where there is no such file. */
export async function readTextIfThere(files: Pick<Files, 'readIfThere'>, path: string): Promise<string | undefined> {
  const bytes = await files.readIfThere(path, MOST_BYTES);
  return bytes === undefined ? undefined : decodeText(bytes, path);
}

/**
 * Text out of bytes in UTF-8 or UTF-16.
 * @param subject the file, for messages
 * @throws misuse `not-text`, with the line
 */
export function decodeText(bytes: Uint8Array, subject: string): string {
  const encoding = encodingOf(bytes);
  let text: string;
  try {
    text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw notText(subject, encoding, firstBadLine(bytes, encoding));
  }
  const zero = text.indexOf('\0');
  if (zero >= 0) throw notText(subject, encoding, lineAt(text, zero));
  return text;
}

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

/** By the byte order mark; without one, by where the zero bytes lie that every Latin letter has in UTF-16. */
function encodingOf(bytes: Uint8Array): Encoding {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  if (first === 0 && second > 0) return 'utf-16be';
  return first > 0 && second === 0 ? 'utf-16le' : 'utf-8';
}

/** The line in which decoding fails: the longest beginning that decodes, by halving. */
function firstBadLine(bytes: Uint8Array, encoding: Encoding): number {
  let [good, bad] = [0, bytes.length];
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (decodes(bytes.subarray(0, middle), encoding)) good = middle;
    else bad = middle;
  }
  const beginning = new TextDecoder(encoding).decode(bytes.subarray(0, good), { stream: true });
  return lineAt(beginning, beginning.length);
}

function decodes(bytes: Uint8Array, encoding: Encoding): boolean {
  try {
    // A character that is cut at the end is no fault of the beginning.
    new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

function lineAt(text: string, end: number): number {
  let lines = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < end; at = text.indexOf('\n', at + 1)) lines++;
  return lines;
}

function notText(subject: string, encoding: Encoding, line: number): Error {
  const named = encoding === 'utf-8' ? 'UTF-8 text' : 'UTF-16 text';
  return misuse({
    code: 'not-text',
    subject,
    problem: `line ${line} is not ${named}.`,
    advice: 'Save the file as UTF-8 (or UTF-16).',
  });
}
