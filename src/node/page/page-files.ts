import { readFile, readdir } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Catalogue, parseCatalogue } from '../../applications/view/catalogue.ts';
import type { ExhibitFile } from '../../applications/view/exhibit.ts';
import { failure } from '../../errors/error.ts';

/** Where the page was built; this module lies in dist/node/page. */
const FOLDER = fileURLToPath(new URL('../../page/', import.meta.url));
const CATALOGUE = 'catalogue.json';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.md': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.png': 'image/png',
  '.onnx': 'application/octet-stream',
};

/** The page as it was built, with the catalogue for static hosts. */
export interface BuiltPage {
  readonly catalogue: Catalogue;
  /** By address relative to the page. */
  readonly files: ReadonlyMap<string, ExhibitFile>;
}

/** @throws failure `page-not-built` */
export async function builtPage(folder: string = FOLDER): Promise<BuiltPage> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length).split(sep).join('/').replace(/^\//, ''));
  if (!paths.includes(CATALOGUE))
    throw failure({
      code: 'page-not-built',
      subject: folder,
      problem: 'does not hold the page, which is built with the package.',
      advice: 'Run `npm ci` and then the same command again; a package is packed by `npm run pack`.',
    });
  const read = (path: string): Promise<Uint8Array> => readFile(join(folder, path));
  return {
    catalogue: parseCatalogue(new TextDecoder().decode(await read(CATALOGUE))),
    files: new Map(
      paths.map((path) => [path, { type: TYPES[extname(path)] ?? 'application/octet-stream', read: () => read(path) }]),
    ),
  };
}
