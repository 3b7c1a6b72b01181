import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { afterEach } from 'vitest';
import type { LabelledImage } from '../image/image.ts';
import { openSource } from '../node/data/open.ts';
import type { OpenOptions } from '../data/open-options.ts';

/** Writes files into a new temporary folder, by their paths in it. */
async function writeTree(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gimbal-data-'));
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  return folder;
}

/** What writes files into new temporary folders, by their paths in them; they are removed after each test. */
export function temporaryTrees(): typeof writeTree {
  const folders: string[] = [];
  afterEach(() => Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true }))));
  return async (files) => {
    const folder = await writeTree(files);
    folders.push(folder);
    return folder;
  };
}

/** A PNG of 2 × 2 grey pixels, all of one level. */
export async function greyPng(level: number): Promise<Uint8Array> {
  const raw = { width: 2, height: 2, channels: 1 } as const;
  return sharp(Buffer.alloc(4, level), { raw }).toColourspace('b-w').png().toBuffer();
}

/** What a data set says, all of it read. */
export interface ReadData {
  readonly name: string;
  readonly images: readonly LabelledImage[];
  readonly labels: readonly number[];
  /** First pixel of each image as a level of 255. */
  readonly levels: readonly number[];
  readonly classNames?: readonly string[];
  readonly fingerprint: string;
  readonly notes: readonly string[];
  readonly promised?: number;
}

/** Opens a data set, reads all images of it, backwards and then forwards, and closes it. */
export async function readData(path: string, options: Partial<OpenOptions> = {}): Promise<ReadData> {
  const source = await openSource(path, { split: 'test', ...options });
  try {
    const positions = Array.from({ length: source.length }, (_, at) => at);
    for (const position of positions.toReversed()) await source.read([position]);
    const images = await source.read(positions);
    const { name, classNames, fingerprint, notes = [], labelling } = source;
    return {
      name,
      images,
      labels: images.map(({ label }) => label),
      levels: images.map(({ pixels }) => Math.round(255 * pixels[0])),
      classNames,
      fingerprint,
      notes,
      promised: labelling?.promised,
    };
  } finally {
    await source.close();
  }
}
