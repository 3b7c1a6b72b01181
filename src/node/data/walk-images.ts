import type { Dirent, Stats } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import { isHiddenFile, isHousekeeping, kindOfImage } from '../../data/image-names.ts';
import type { PassedOver } from '../../data/passed-over.ts';
import { unreadable } from './regular-file.ts';

/** An image in a folder. */
export interface FoundImage {
  readonly path: string;
  /** Path within the data set, with `/`. */
  readonly name: string;
  /** Where it lies in truth. */
  readonly real: string;
  /** Whether its path leads through a link. */
  readonly linked: boolean;
}

/** What lies below a folder. */
export interface Below {
  readonly images: readonly FoundImage[];
  /** Images in formats that are not read. */
  readonly others: number;
  /** Files of any kind, and folders that could not be followed: none means that the folder is empty. */
  readonly files: number;
}

/**
 * Goes through folders of images. Links are followed, as data sets are often put together from links; each folder is
 * entered once as itself and once at most through links, so that links in a circle end and links to all their siblings
 * do not multiply. A link to a folder above is not followed: it would bring in all that lies around the data set.
 */
export class ImageWalk {
  readonly #root: string;
  readonly #passed: PassedOver;
  readonly #signal?: AbortSignal;
  readonly #entered = new Set<string>();
  readonly #linked = new Set<string>();

  /** @param root where the folders lie in truth */
  constructor(root: string, passed: PassedOver, signal?: AbortSignal) {
    this.#root = root;
    this.#passed = passed;
    this.#signal = signal;
  }

  /**
   * All images below a folder, in the order of their names.
   * @param name of the folder within the data set, with `/`
   * @throws misuse `unreadable-file`
   */
  async below(folder: string, name: string): Promise<Below> {
    const real = await realpath(folder).catch((error) => Promise.reject(unreadable(folder, error)));
    return this.#enter(folder, name, real, false);
  }

  async #enter(folder: string, name: string, real: string, linked: boolean): Promise<Below> {
    const images: FoundImage[] = [];
    let others = 0;
    let files = 0;
    this.#signal?.throwIfAborted();
    (linked ? this.#linked : this.#entered).add(real);
    for (const entry of await entriesOf(folder)) {
      const path = join(folder, entry.name);
      const inside = `${name}/${entry.name}`;
      const target = await this.#targetOf(path, inside, entry, join(real, entry.name));
      if (target === undefined) {
        files++;
      } else if (target.stats.isDirectory()) {
        if (isHousekeeping(entry.name, true)) {
          this.#passed.add('hidden', inside);
          continue;
        }
        const through = linked || entry.isSymbolicLink();
        if (
          through &&
          (this.#entered.has(target.real) ||
            this.#linked.has(target.real) ||
            isWithin(this.#root, target.real) ||
            isWithin(real, target.real))
        ) {
          this.#passed.add('link', inside);
          continue;
        }
        const below = await this.#enter(path, inside, target.real, through);
        for (const image of below.images) images.push(image);
        others += below.others;
        files += below.files;
      } else {
        const kind = kindOfImage(entry.name);
        if (isHiddenFile(entry.name)) {
          if (kind !== undefined) this.#passed.add('hiddenImage', inside);
          continue;
        }
        files++;
        if (kind === undefined) continue;
        if (!target.stats.isFile()) this.#passed.add('special', inside);
        else if (kind === 'read')
          images.push({ path, name: inside, real: target.real, linked: linked || entry.isSymbolicLink() });
        else {
          others++;
          this.#passed.add('format', inside);
        }
      }
    }
    return { images, others, files };
  }

  /** What an entry is behind its link, if it is one; `undefined` of a link to nothing. */
  async #targetOf(path: string, name: string, entry: Dirent, real: string): Promise<Target | undefined> {
    if (!entry.isSymbolicLink()) return { real, stats: entry };
    try {
      return { real: await realpath(path), stats: await stat(path) };
    } catch {
      this.#passed.add('link', name);
      return undefined;
    }
  }
}

interface Target {
  readonly real: string;
  readonly stats: Pick<Stats, 'isDirectory' | 'isFile'>;
}

/** Whether a path is that of a folder or lies in it. */
export function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way.split(sep)[0] !== '..' && !isAbsolute(way));
}

/** In the order of their names. @throws misuse `unreadable-file` */
export async function entriesOf(folder: string): Promise<Dirent[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error) =>
    Promise.reject(unreadable(folder, error)),
  );
  return entries.sort((one, other) => (one.name < other.name ? -1 : one.name > other.name ? 1 : 0));
}

/** Whether an entry is a folder, or a link to one. */
export async function isFolder(path: string, entry: Dirent): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  return stat(path).then(
    (target) => target.isDirectory(),
    () => false,
  );
}
