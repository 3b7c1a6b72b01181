import { isHiddenFile, isHousekeeping, kindOfImage } from '../data/image-names.ts';
import type { PassedOver } from '../data/passed-over.ts';
import type { Disk, Entry, Kind } from '../ports/disk.ts';

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
  readonly #disk: Disk;
  readonly #root: string;
  readonly #passed: PassedOver;
  readonly #signal?: AbortSignal;
  readonly #entered = new Set<string>();
  readonly #linked = new Set<string>();

  /** @param root where the folders lie in truth */
  constructor(disk: Disk, root: string, passed: PassedOver, signal?: AbortSignal) {
    this.#disk = disk;
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
    return this.#enter(folder, name, await this.#disk.realPath(folder), false);
  }

  async #enter(folder: string, name: string, real: string, linked: boolean): Promise<Below> {
    const images: FoundImage[] = [];
    let others = 0;
    let files = 0;
    const disk = this.#disk;
    this.#signal?.throwIfAborted();
    (linked ? this.#linked : this.#entered).add(real);
    for (const entry of await disk.entriesIn(folder)) {
      const path = disk.join(folder, entry.name);
      const inside = `${name}/${entry.name}`;
      const target = await this.#targetOf(path, inside, entry, disk.join(real, entry.name));
      if (target === undefined) {
        files++;
      } else if (target.kind === 'folder') {
        if (isHousekeeping(entry.name, true)) {
          this.#passed.add('hidden', inside);
          continue;
        }
        const through = linked || entry.kind === 'link';
        if (
          through &&
          (this.#entered.has(target.real) ||
            this.#linked.has(target.real) ||
            disk.within(this.#root, target.real) !== undefined ||
            disk.within(real, target.real) !== undefined)
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
        if (target.kind === 'special') this.#passed.add('special', inside);
        else if (kind === 'read')
          images.push({ path, name: inside, real: target.real, linked: linked || entry.kind === 'link' });
        else {
          others++;
          this.#passed.add('format', inside);
        }
      }
    }
    return { images, others, files };
  }

  /** What an entry is behind its link, if it is one; `undefined` of a link to nothing. */
  async #targetOf(path: string, name: string, { kind }: Entry, real: string): Promise<Target | undefined> {
    if (kind !== 'link') return { real, kind };
    const behind = await this.#disk.kindOf(path).catch(() => undefined);
    const place = await this.#disk.realPath(path).catch(() => undefined);
    if (behind !== undefined && place !== undefined) return { real: place, kind: behind };
    this.#passed.add('link', name);
    return undefined;
  }
}

interface Target {
  readonly real: string;
  readonly kind: Kind;
}
