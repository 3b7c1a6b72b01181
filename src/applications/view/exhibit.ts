import type { Catalogue } from './catalogue.ts';

/** A file that the page may fetch. */
export interface ExhibitFile {
  /** Media type. */
  readonly type: string;
  read(): Promise<Uint8Array>;
}

/** What a page is to show, and all that it may fetch for it. */
export interface Exhibit {
  readonly catalogue: Catalogue;
  /** By address relative to the page; anything else there is not. */
  readonly files: ReadonlyMap<string, ExhibitFile>;
  close(): Promise<void>;
}

export const BYTES = 'application/octet-stream';
