import { posix } from 'node:path';
import { memoryBytes } from '../data/bytes.ts';
import { misuse } from '../errors/error.ts';
import { decodeImage, inspectImage } from '../node/data/image-decoder.ts';
import { nativeSha256 } from '../node/sha256.ts';
import type { Entry } from '../ports/disk.ts';
import type { DataPlatform } from '../sources/data-platform.ts';

const missing = (path: string): Error => misuse({ code: 'unreadable-file', subject: path, problem: 'does not exist.' });
const never = (): never => {
  throw new Error('internal: this platform has none');
};

/** A platform without a disk: files in memory, by their absolute paths; no links, archives or threads. */
export function memoryData(files: Readonly<Record<string, Uint8Array>>): DataPlatform {
  const find = (path: string): Uint8Array | undefined => files[posix.resolve(path)];
  const read = async (path: string): Promise<Uint8Array> => {
    const bytes = find(path);
    if (bytes === undefined) throw missing(path);
    return bytes;
  };
  const entriesIn = async (folder: string): Promise<Entry[]> => {
    const kinds = new Map<string, Entry['kind']>();
    for (const path of Object.keys(files)) {
      const [name, inside] = posix.relative(folder, path).split('/');
      if (name !== '..') kinds.set(name, inside === undefined ? 'file' : 'folder');
    }
    return Array.from(kinds, ([name, kind]) => ({ name, kind })).sort((a, b) => (a.name < b.name ? -1 : 1));
  };
  const bytes = async (path: string) => memoryBytes(path, await read(path));
  return {
    disk: {
      join: posix.join,
      nameOf: (path) => posix.basename(path),
      folderOf: posix.dirname,
      resolve: posix.resolve,
      titleOf: (path) => posix.basename(posix.resolve(path)),
      within(path, folder) {
        const way = posix.relative(folder, path);
        return way.split('/')[0] === '..' ? undefined : way;
      },
      async kindOf(path) {
        if (find(path) !== undefined) return 'file';
        return (await entriesIn(path)).length > 0 ? 'folder' : undefined;
      },
      entriesIn,
      namesIn: async (folder) => (await entriesIn(folder)).map(({ name }) => name),
      realPath: async (path) => posix.resolve(path),
      read,
      readIfThere: async (path) => find(path),
    },
    images: {
      sizeOf: async (path) => find(path)?.length ?? 0,
      read,
      inspect: inspectImage,
      decode: decodeImage,
      threads: never,
    },
    sha256: nativeSha256,
    openFiles: () => ({
      plain: bytes,
      bytes,
      async packed(path) {
        const whole = await bytes(path);
        const head = (length: number) => whole.read(0, Math.min(length, whole.size));
        return { name: path, size: whole.size, head, unpack: async () => whole };
      },
      async keep(name, pieces) {
        const parts: Uint8Array[] = [];
        for await (const piece of pieces) parts.push(piece);
        return memoryBytes(name, Buffer.concat(parts));
      },
      members: never,
      walkTar: never,
      close: async () => {},
    }),
    glyphs: never,
    download: never,
  };
}
