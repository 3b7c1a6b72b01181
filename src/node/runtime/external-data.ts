import { createHash, type Hash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync, realpathSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, sep } from 'node:path';
import { misuse } from '../../errors/error.ts';
import type { ExternalReference } from '../../onnx/external-data.ts';
import { memoryFor } from '../../onnx/shared-memory.ts';
import { refuseSpecial } from '../data/regular-file.ts';

/** Bytes read at once: what one call takes is bounded. */
const PIECE = 2 ** 28;

/**
 * Reads the weights that a model keeps in files of their own. Only ordinary files inside the model's folder are read,
 * whatever the paths and links in the way say: a model from a stranger must not name files of its user.
 */
export class WeightsBeside {
  /** The folder of the path, and of the file that it leads to where that is a link. */
  readonly #folders: readonly string[];
  readonly #hash: Hash;
  /** What was read, by location and range: weights that two tensors share are held once. */
  readonly #known = new Map<string, Uint8Array>();
  /** Bytes read, by file. */
  readonly #read = new Map<string, number>();

  /**
   * @param model path of the model's file
   * @param bytes of the model's file
   */
  constructor(model: string, bytes: Uint8Array) {
    this.#folders = [...new Set([realpathSync(dirname(model)), dirname(realpathSync(model))])];
    this.#hash = createHash('sha256').update(bytes);
  }

  /** Hex SHA-256 of the model's file and all that was read beside it, in the order of reading. */
  digest(): string {
    return this.#hash.copy().digest('hex');
  }

  /**
   * @throws misuse `external-data` where the file is not there, not in the model's folder, or shorter than the
   *   reference says
   */
  read(reference: ExternalReference): Uint8Array {
    const key = JSON.stringify([reference.location, reference.offset, reference.length]);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const path = this.#locate(reference);
    const file = openSync(path, 'r');
    try {
      const bytes = this.#readRange(file, path, reference);
      this.#hash.update(bytes);
      this.#known.set(key, bytes);
      return bytes;
    } finally {
      closeSync(file);
    }
  }

  /** The file's real path. */
  #locate({ location, subject }: ExternalReference): string {
    const leavesFolder = () =>
      refuse(
        subject,
        `its numbers are kept in '${location}', which is not inside the model's folder; nothing outside it is read.`,
        'If you trust the model, put that file into its folder, or save it as one file (Python: ' +
          'onnx.save(onnx.load(path), path)).',
      );
    if (location.includes('\0') || isAbsolute(location) || location.split(/[/\\]/).includes('..')) throw leavesFolder();
    const found = this.#folders.flatMap((folder) => realPath(join(folder, location)) ?? []);
    if (found.length === 0)
      throw refuse(
        subject,
        `its numbers are kept in '${location}', which is missing from the model's folder ${this.#folders[0]}.`,
        'A model whose weights lie in a file of their own needs that file beside it, under this name: ' +
          'copy or download it too.',
      );
    const inside = found.find((path) =>
      this.#folders.some((folder) => path.startsWith(folder.endsWith(sep) ? folder : folder + sep)),
    );
    if (inside === undefined) throw leavesFolder();
    refuseSpecial(inside, statSync(inside));
    return inside;
  }

  #readRange(file: number, path: string, { offset, length, location, subject }: ExternalReference): Uint8Array {
    const { size } = fstatSync(file);
    if (offset + length > size)
      throw refuse(
        subject,
        `its numbers are bytes ${offset} to ${offset + length} of '${location}', which has only ${size}.`,
        'The file is cut or belongs to another model: export or download it again.',
      );
    const total = (this.#read.get(path) ?? 0) + length;
    if (total > size)
      throw refuse(
        subject,
        `its numbers overlap with those of other tensors: together they take more bytes of '${location}' than ` +
          `its ${size}.`,
        'The file is damaged: export or download the model again.',
      );
    this.#read.set(path, total);
    const bytes = memoryFor(length);
    for (let at = 0; at < length;) {
      const got = readSync(file, bytes, at, Math.min(PIECE, length - at), offset + at);
      if (got === 0) throw refuse(subject, `'${location}' became shorter while it was read.`, 'Try again.');
      at += got;
    }
    return bytes;
  }
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

function refuse(subject: string, problem: string, advice: string): Error {
  return misuse({ code: 'external-data', subject, problem, advice });
}
