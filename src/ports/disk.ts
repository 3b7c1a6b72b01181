import type { Files } from './files.ts';

/** What lies at a path behind its links; `special`: a pipe, a socket or a device. */
export type Kind = 'file' | 'folder' | 'special';

/** What a folder holds under a name. */
export interface Entry {
  readonly name: string;
  readonly kind: Kind | 'link';
}

/** Files and folders as they lie, links among them: what is looked at to tell what a folder is. */
export interface Disk extends Pick<Files, 'join' | 'nameOf' | 'folderOf' | 'namesIn' | 'read' | 'readIfThere'> {
  /** An absolute path. A part that is absolute itself stands for all before it. */
  resolve(...parts: string[]): string;
  /** What a file or folder is called, also where its path says `.` or `..`. */
  titleOf(path: string): string;
  /** The way from a folder to what lies in it, empty for the folder itself; `undefined` for what lies elsewhere. */
  within(path: string, folder: string): string | undefined;
  /** What lies at a path, links followed; `undefined` for nothing. @throws misuse `unreadable-file` */
  kindOf(path: string): Promise<Kind | undefined>;
  /** What a folder holds, in the order of the names. @throws misuse `unreadable-file` */
  entriesIn(folder: string): Promise<readonly Entry[]>;
  /** Where a file or folder lies in truth, all links followed. @throws misuse `unreadable-file` */
  realPath(path: string): Promise<string>;
}

/** Whether an entry is a folder, or a link to one. */
export async function isFolder(disk: Disk, path: string, { kind }: Entry): Promise<boolean> {
  return (kind === 'link' ? await disk.kindOf(path).catch(() => undefined) : kind) === 'folder';
}
