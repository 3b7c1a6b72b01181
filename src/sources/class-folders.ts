import { isHiddenFile, isHousekeeping, kindOfImage } from '../data/image-names.ts';
import { SPLITS } from '../data/splits.ts';
import { isFolder } from '../ports/disk.ts';
import type { Disk } from '../ports/disk.ts';

const isSplit = (name: string): boolean => [...SPLITS.test, ...SPLITS.train].includes(name.toLowerCase());

/** What a folder holds at its first level, seen as a data set. */
export interface Level {
  /** Folders that could hold images, in the order of their names. */
  readonly folders: readonly string[];
  /** Folders that systems made for themselves. */
  readonly hidden: readonly string[];
  /** Links to this folder, one above it, or a folder that is there already. */
  readonly links: readonly string[];
  /** Images that lie in it directly. */
  readonly loose: number;
}

export async function levelOf(disk: Disk, folder: string): Promise<Level> {
  const folders: string[] = [];
  const hidden: string[] = [];
  const links: string[] = [];
  const targets = new Set<string>();
  let loose = 0;
  const entries = await disk.entriesIn(folder);
  const real = await disk.realPath(folder);
  for (const entry of entries) {
    const path = disk.join(folder, entry.name);
    if (await isFolder(disk, path, entry)) {
      const target = entry.kind === 'link' ? await disk.realPath(path) : undefined;
      if (isHousekeeping(entry.name, false)) hidden.push(entry.name);
      else if (target !== undefined && (targets.has(target) || leadsBack(disk, real, target))) links.push(entry.name);
      else folders.push(entry.name);
      if (target !== undefined) targets.add(target);
    } else if (!isHiddenFile(entry.name) && kindOfImage(entry.name) !== undefined) loose++;
  }
  return { folders, hidden, links, loose };
}

/**
 * Whether a link leads to the folder that it lies in, to one above, or to what this holds itself, in no hidden
 * folder.
 */
function leadsBack(disk: Disk, folder: string, target: string): boolean {
  if (disk.within(folder, target) !== undefined) return true;
  const way = disk.within(target, folder);
  return way !== undefined && !way.split(/[\\/]/).some((name) => isHousekeeping(name, false));
}

/** Whether an image of any format lies in a folder, at any depth. */
export async function holdsImages(disk: Disk, folder: string, seen = new Set<string>()): Promise<boolean> {
  const real = await disk.realPath(folder).catch(() => undefined);
  if (real === undefined || seen.has(real)) return false;
  seen.add(real);
  const below: string[] = [];
  for (const entry of await disk.entriesIn(folder)) {
    const path = disk.join(folder, entry.name);
    if (await isFolder(disk, path, entry)) {
      if (!isHousekeeping(entry.name, true)) below.push(path);
    } else if (!isHiddenFile(entry.name) && kindOfImage(entry.name) !== undefined) return true;
  }
  for (const path of below) if (await holdsImages(disk, path, seen)) return true;
  return false;
}

/** How a data set lies in a folder. */
export type Arrangement =
  /** Folders of classes. */
  | { readonly kind: 'classes'; readonly folder: string; readonly level: Level }
  /** Folders of splits, each with folders of classes. */
  | {
      readonly kind: 'splits';
      readonly folder: string;
      readonly splits: readonly string[];
      readonly beside: readonly string[];
      readonly level: Level;
    }
  /** Folders named for splits whose images lie in no folder of a class. */
  | { readonly kind: 'unsorted'; readonly folder: string; readonly splits: readonly string[] }
  /** One folder named for a split, beside others with images: it may be a class. */
  | { readonly kind: 'unclear'; readonly folder: string; readonly split: string; readonly others: readonly string[] };

/**
 * Finds the folders of classes or splits. Where all images lie in one folder that holds none itself, they are looked
 * for there.
 */
export async function arrangementOf(disk: Disk, folder: string): Promise<Arrangement> {
  const level = await levelOf(disk, folder);
  const holding: string[] = [];
  for (const name of level.folders) if (await holdsImages(disk, disk.join(folder, name))) holding.push(name);
  const named = holding.filter(isSplit);
  const splits: string[] = [];
  for (const name of named) if ((await levelOf(disk, disk.join(folder, name))).loose === 0) splits.push(name);
  if (splits.length > 0) {
    const others = holding.filter((name) => !named.includes(name));
    if (named.length === 1 && others.length > 0) return { kind: 'unclear', folder, split: splits[0], others };
    const beside = level.folders.filter((name) => !splits.includes(name));
    return { kind: 'splits', folder, splits, beside, level };
  }
  if (named.length > 1 || (named.length === 1 && holding.length === 1))
    return { kind: 'unsorted', folder, splits: named };
  const [only] = holding;
  if (holding.length === 1 && level.loose === 0 && (await levelOf(disk, disk.join(folder, only))).loose === 0)
    return arrangementOf(disk, disk.join(folder, only));
  return { kind: 'classes', folder, level };
}

/** The folder of the classes of a split, where all lie in one folder of it. */
export async function innermost(disk: Disk, folder: string): Promise<string> {
  const { folders, loose } = await levelOf(disk, folder);
  const holding: string[] = [];
  for (const name of folders) if (await holdsImages(disk, disk.join(folder, name))) holding.push(name);
  if (loose > 0 || holding.length !== 1) return folder;
  const [only] = holding;
  return (await levelOf(disk, disk.join(folder, only))).loose > 0 ? folder : innermost(disk, disk.join(folder, only));
}
