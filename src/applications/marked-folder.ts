import { z } from 'zod';
import { misuse } from '../errors/error.ts';
import { optionWords } from '../errors/option-words.ts';
import { formatField, formatName } from '../json/format.ts';
import { readJsonIfThere } from '../ports/read-json.ts';
import { sealed } from '../json/sealed.ts';
import { toText } from '../json/to-text.ts';
import type { Files } from '../ports/files.ts';
import type { Input } from '../ports/folders.ts';
import type { Platform } from './platform.ts';

/** How a folder of a kind is known: by a JSON file in it whose field `format` names the kind. */
export interface Marker {
  /** `comparison`, as in `gimbal-comparison-1`. */
  readonly kind: string;
  readonly format: number;
  /** Name of the file. */
  readonly file: string;
  /** What the folder holds, for messages: `a comparison`. */
  readonly what: string;
  /** Whether a file without the field is one that version 0.1.0 wrote. */
  readonly isOld?: (value: Readonly<Record<string, unknown>>) => boolean;
  /** Whether a folder without the file is one that version 0.1.0 was still at work on. */
  readonly isUnmarked?: (names: ReadonlySet<string>, path: string) => Promise<boolean>;
}

/**
 * Makes a folder of a kind or takes one of that kind; see `Folders.claim`.
 * @throws misuse as `Folders.claim`
 */
export async function claimMarkedFolder(
  { files, folders }: Pick<Platform, 'files' | 'folders'>,
  path: string,
  marker: Marker,
  inputs: readonly Input[] = [],
): Promise<void> {
  const { what, file, isUnmarked } = marker;
  await folders.claim(path, {
    what,
    inputs,
    isOurs: async (names) =>
      names.has(file) ? isMarked(files, files.join(path, file), marker) : ((await isUnmarked?.(names, path)) ?? false),
  });
}

/** Writes a folder's marker with what else it is to tell. */
export async function writeMarker(
  files: Files,
  path: string,
  { kind, format, file }: Marker,
  value: object,
): Promise<void> {
  await files.write(files.join(path, file), toText(sealed({ format: formatName(kind, format), ...value })));
}

async function isMarked(files: Files, path: string, { kind, format, what, isOld }: Marker): Promise<boolean> {
  const damaged = {
    code: 'folder-in-other-use',
    advice: `Choose another ${optionWords('out')}, or move that file away.`,
  };
  const value = await readJsonIfThere(files, path, z.record(z.string(), z.unknown()), damaged);
  if (value === undefined) return false;
  const read = z.looseObject({ format: formatField(kind, format) }).safeParse(value);
  if (read.success && (value.format !== undefined || isOld?.(value) === true)) return true;
  throw misuse({
    ...damaged,
    subject: path,
    problem:
      'does not say that this folder holds ' +
      `${what}${read.success ? '' : `: 'format' ${read.error.issues[0].message}`}; nothing is written into it.`,
  });
}
