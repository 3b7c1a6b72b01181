import type { Platform } from '../../applications/platform.ts';
import { sha256Of } from '../../digest/sha256.ts';
import { misuse } from '../../errors/error.ts';
import { mergeHints, parseSidecar } from '../../model/sidecar.ts';
import { cores } from '../cores.ts';
import type { ModelFiles } from '../desk/messages.ts';
import { externalFiles } from '../desk/external-files.ts';
import { prepareFile } from '../desk/prepare-file.ts';
import { locateWasm, type WasmFiles } from '../onnxruntime.ts';
import { webRuntime } from '../runtime.ts';
import { startClassifier } from '../start-classifier.ts';
import { WASM } from '../wasm-files.ts';
import { type GivenData, sourceOf } from './given-data.ts';

/** What a page hands to the applications, which ask for it by name. */
export interface WebContents {
  readonly models?: readonly ModelFiles[];
  readonly data?: ReadonlyMap<string, GivenData>;
  /** Default: the files that come with the package. */
  readonly wasm?: WasmFiles;
}

/**
 * A browser, as the applications are handed it: models and images come from the page, nothing is kept, and there are no
 * folders.
 *
 * ```ts
 * const data = new Map([['mine', { images, labels, shape }]]);
 * const platform = webPlatform({ models: [{ name: 'a.onnx', bytes }], data });
 * await evaluateOn(platform, { model: 'a.onnx', data: 'mine', attacks: ['grid'] });
 * ```
 */
export function webPlatform({ models = [], data = new Map(), wasm = WASM }: WebContents): Platform {
  locateWasm(wasm);
  const filesOf = (name: string): ModelFiles => {
    const found = models.find((model) => model.name === name);
    if (found === undefined)
      throw unknown(
        name,
        'model',
        models.map((model) => model.name),
      );
    return found;
  };
  return {
    files: {
      join: (...parts) => parts.join('/'),
      nameOf: (path) => path.split('/').at(-1) ?? path,
      folderOf: (path) => path.split('/').slice(0, -1).join('/'),
      kindOf: async () => undefined,
      namesIn: async () => [],
      read: (path) => Promise.reject(noFiles(path)),
      readIfThere: async () => undefined,
      write: (path) => Promise.reject(noFiles(path)),
      remove: async () => undefined,
      makeFolder: (path) => Promise.reject(noFiles(path)),
    },
    folders: {
      claim: (path) => Promise.reject(noFiles(path)),
      claimFile: (path) => Promise.reject(noFiles(path)),
      lock: (path) => Promise.reject(noFiles(path)),
    },
    machine: {
      version: GIMBAL_VERSION,
      environment: {},
      cores: cores(),
      describe: () => navigator.userAgent,
      origin: async () => ({
        versions: { gimbal: GIMBAL_VERSION },
        commit: null,
        machine: navigator.userAgent,
        begun: new Date().toISOString(),
      }),
      settling: (_, work) => work(),
    },
    clock: { seconds: () => performance.now() / 1000 },
    models: {
      shipped: async () => models.map(({ name }) => name),
      locate: async (name) => filesOf(name).name,
      async load(name, hints) {
        const files = filesOf(name);
        return { prepared: await prepareFile(files, hints), sha256: digestOf(files) };
      },
      async read(name, read) {
        const files = filesOf(name);
        return { read: read(files.bytes, externalFiles(files.beside)), sha256: digestOf(files) };
      },
      async hints(name) {
        const { sidecar } = filesOf(name);
        return sidecar === undefined ? {} : mergeHints(parseSidecar(sidecar.text, sidecar.name), {});
      },
      start: (prepared, options) => startClassifier(prepared, wasm, options),
    },
    images: {
      async open(name, options) {
        const given = data.get(name);
        if (given === undefined) throw unknown(name, 'images', [...data.keys()]);
        return sourceOf(given, options);
      },
      encode: () => Promise.reject(noFiles('a report')),
    },
    runtime: webRuntime,
    runs: {
      open: ({ directory }) => Promise.reject(noFiles(directory)),
      records: (directory) => fails(noFiles(directory)),
      losses: (directory) => fails(noFiles(directory)),
      standing: async () => undefined,
    },
    trainingStore(folder) {
      throw noFiles(folder);
    },
    figures() {
      throw noFiles('a report');
    },
  };
}

/** The file, then the weights that it keeps in other files, in the order of their names. */
function digestOf({ bytes, beside = new Map() }: ModelFiles): string {
  const rest = [...beside].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, weights]) => weights as Uint8Array);
  return sha256Of(bytes, ...rest);
}

async function* fails(error: Error): AsyncGenerator<never> {
  throw error;
}

function noFiles(subject: string): Error {
  return misuse({
    code: 'no-files',
    subject,
    problem: 'is a file or folder, and a page has none.',
    advice: 'Leave out what names it: results are returned.',
  });
}

function unknown(name: string, what: string, there: readonly string[]): Error {
  return misuse({
    code: `unknown-${what === 'model' ? 'model' : 'data'}`,
    subject: name,
    problem:
      `names no ${what} that the page handed over; there ${there.length === 1 ? 'is' : 'are'} ` +
      `${there.join(', ') || 'none'}.`,
    advice: 'Hand it to webPlatform.',
  });
}
