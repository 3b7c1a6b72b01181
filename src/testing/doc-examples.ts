import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** An example of a comment, as a module of its own. */
export interface Example {
  /** Of the file that it stands in, from the root of the repository. */
  readonly from: string;
  /** Of the module, which is nowhere on disk. */
  readonly path: string;
  readonly module: string;
}

/** What examples have at hand without saying so. */
const GIVEN = `
declare const platform: gimbal.Platform;
declare const net: gimbal.Graph;
declare const images: Float32Array[];
declare const labels: number[];
declare const shape: gimbal.ImageShape;
declare const bytes: Uint8Array<ArrayBuffer>;
declare const show: (shown: unknown) => void;
`;

const FENCED = /^ *\* ```ts\n([\s\S]*?)^ *\* ```/gm;

/**
 * The `ts` examples of the comments of some sources, each in a function that has what an entry exports at hand.
 * @param entry path of the entry's module
 * @param isTaken chooses files, by their path from the root
 */
export function examplesIn(entry: string, isTaken: (file: string) => boolean): Example[] {
  const exported = new Set([entry, join(ROOT, 'src', 'core.ts')].flatMap(valuesOf));
  const files = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .map((name) => `src/${name.replaceAll('\\', '/')}`)
    .filter((file) => /\.tsx?$/.test(file) && !file.startsWith('src/testing/') && isTaken(file));
  return files.flatMap((from) =>
    Array.from(readFileSync(join(ROOT, from), 'utf8').matchAll(FENCED), ([, fenced], i): Example => {
      const code = fenced.replaceAll(/^ *\* ?/gm, '').replaceAll(/^import .*$/gm, '');
      const used = [...new Set(code.match(/\w+/g))].filter((word) => exported.has(word));
      return {
        from,
        path: join(dirname(entry), `example-${i}-${from.replaceAll('/', '-')}`),
        module: [
          `import { ${used.join(', ')} } from './${basename(entry)}';`,
          `import type * as gimbal from './${basename(entry)}';`,
          GIVEN,
          `export async function example() {\n${code}}`,
        ].join('\n'),
      };
    }),
  );
}

/** Names of what is not a type among the exports of a module that only passes on. */
function valuesOf(path: string): string[] {
  const lists = Array.from(readFileSync(path, 'utf8').matchAll(/^export \{([^}]*)\}/gm), ([, list]) => list.split(','));
  return lists.flat().flatMap((name) => (/^\s*(type |$)/.test(name) ? [] : [name.trim()]));
}
