/**
 * Files and folders, as the applications read and replace them: a disk, or whatever stands for one. Paths are the
 * platform's own and are put together by it alone.
 */
export interface Files {
  join(...parts: string[]): string;
  /** The last part of a path. */
  nameOf(path: string): string;
  /** What a path says before its last part. */
  folderOf(path: string): string;
  /** What lies at a path, links followed; `undefined` for nothing. */
  kindOf(path: string): Promise<'file' | 'folder' | undefined>;
  /** What a folder holds, in no order; nothing where there is none or it cannot be read. */
  namesIn(folder: string): Promise<readonly string[]>;
  /**
   * The whole of an ordinary file.
   * @param most bytes that it may have
   * @throws misuse `unreadable-file`, `file-too-large`
   */
  read(path: string, most?: number): Promise<Uint8Array>;
  /** As `read`; `undefined` where there is no such file. */
  readIfThere(path: string, most?: number): Promise<Uint8Array | undefined>;
  /**
   * Replaces a file as a whole, or makes it: whatever happens meanwhile, it holds the old content or the new one.
   * @throws misuse `output-not-writable`, failure `disk-full`, `output-failed`
   */
  write(path: string, content: string | Uint8Array): Promise<void>;
  /** Removes a file, if there is one. */
  remove(path: string): Promise<void>;
  /** Makes a folder and those above it. @throws as `write` */
  makeFolder(path: string): Promise<void>;
}
