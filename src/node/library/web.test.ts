import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { evaluateOn } from '../../applications/evaluate/evaluate.ts';
import { arraySource } from '../../data/array-source.ts';
import type { ProgressEvent } from '../../evaluation/progress.ts';
import type { EvaluationResult } from '../../evaluation/records.ts';
import type { Classifier } from '../../model/classifier.ts';
import { differentiate } from '../../gradients/differentiate.ts';
import { toWorkingOpset } from '../../onnx/upgrade.ts';
import { writeModel } from '../../onnx/write.ts';
import type { Runtime } from '../../runtime/runtime.ts';
import { graphOf, referenceCases } from '../../testing/gradient-reference.ts';
import { modelOf } from '../../testing/onnx.ts';
import { relativeError } from '../../testing/run-graph.ts';
import { linearModel } from '../../testing/classifier.ts';
import { CHROMIUM, closeBrowser, hostAt, type OpenPage, type Site } from '../../testing/view-page.ts';
import { builtPage } from '../page/page-files.ts';
import { nodePlatform } from '../platform.ts';
import { openClassifier } from '../runtime/open.ts';
import { modelPath } from '../runtime/shipped-models.ts';

/** What tests use of `src/web/index.ts`, whose types belong to another platform. */
interface Web {
  evaluate(request: object): Promise<EvaluationResult>;
  webPlatform(contents: object): { readonly runtime: Runtime };
  openClassifier(request: { readonly model: string; readonly threads: number }): Promise<Classifier>;
}

declare const gimbal: Web;

/** A page of one's own, which loads the module as it is: no bundler, no headers. */
const PAGE = `<!doctype html><title>mine</title><link rel="icon" href="data:,">
<script type="module">
  import * as gimbal from './lib/gimbal-web.js';
  Object.assign(globalThis, { gimbal });
</script>`;

const shape = { channels: 1, height: 8, width: 8 };
const images = Array.from({ length: 6 }, (_, i) =>
  Array.from({ length: 64 }, (_, at) => Math.fround(0.5 + 0.45 * Math.sin(at * (0.4 + 0.2 * (i % 3)) + i))),
);
const labels = [0, 1, 2, 0, 1, 2];
const MODEL = linearModel({ shape, classes: 3 });

/** Every attack, so that this is the browser's row of what runs over which runtime. */
const REQUEST = {
  attacks: [
    ...['natural', 'random', 'worst-of-3', 'grid', 'grid:rotation', 'strongest', 'first-order'],
    ...['pgd-linf', 'pgd-l2', 'combined', 'tolerance:rotation', 'tolerance'],
  ],
  grid: '3x3x7',
  exhaustive: true,
  threads: 2,
};

async function hosted(): Promise<Site> {
  const { files } = await builtPage();
  const mnist = await readFile(await modelPath('mnist-standard'));
  const api = await readFile(new URL('../../../docs/api.md', import.meta.url), 'utf8');
  const [, example] = /```html\n([\s\S]*?)```/.exec(api) ?? [];
  const own = new Map<string, { readonly content: string | Uint8Array; readonly type?: string }>([
    ['', { content: PAGE, type: 'text/html' }],
    ['example', { content: `<link rel="icon" href="data:,">${example}`, type: 'text/html' }],
    ['small.onnx', { content: MODEL }],
    ['model.onnx', { content: mnist }],
    ['mnist-standard.onnx', { content: mnist }],
  ]);
  return hostAt('/', (asked) => {
    const { content, type } = own.get(asked) ?? {};
    return content === undefined
      ? files.get(asked.replace(/^(lib|node_modules\/gimbal\/dist\/page)\//, ''))
      : { type, read: async () => content };
  });
}

describe.skipIf(CHROMIUM === undefined)('gimbal/web in a page of one’s own', () => {
  let site: Site;
  let opened: OpenPage;
  beforeAll(async () => {
    site = await hosted();
    opened = await site.open();
    await opened.page.waitForFunction(() => 'gimbal' in globalThis);
  });
  afterAll(async () => {
    await site?.close();
    await closeBrowser();
  });

  test('evaluates under every attack as Node does', async () => {
    const seen = await opened.page.evaluate(
      async (given) => {
        const data = { ...given.data, images: given.data.images.map((pixels) => Float32Array.from(pixels)) };
        const told: number[] = [];
        const result = await gimbal.evaluate({
          ...given.request,
          model: 'small.onnx',
          data,
          onProgress: ({ done }: ProgressEvent) => void told.push(done),
        });
        return { result, told };
      },
      { request: REQUEST, data: { images, labels, shape } },
    );
    const source = arraySource({ images: images.map((pixels) => Float32Array.from(pixels)), labels, shape });
    const platform = {
      ...nodePlatform,
      models: {
        ...nodePlatform.models,
        locate: async () => 'small.onnx',
        load: async () => ({ prepared: await prepared(), sha256: seen.result.model.sha256 }),
      },
      images: { ...nodePlatform.images, open: async () => source },
    };
    const there = await evaluateOn(platform, { ...REQUEST, model: 'small.onnx', data: 'images' });
    expect(Object.keys(there.attacks)).toEqual(REQUEST.attacks);
    expect({ ...seen.result, seconds: 0 }).toEqual({ ...there, seconds: 0 });
    expect(seen.told.at(-1)).toBe(6);
    expect(opened.faults).toEqual([]);
  });

  test('runs the example of the docs as it stands there', async () => {
    const { page, faults } = await site.open();
    await page.goto(`${site.address}example`);
    await page.waitForFunction('document.title !== ""');
    expect(await page.title()).toMatch(/^(0|100) % withstand every rotation and shift of the grid$/);
    expect(faults).toEqual([]);
  });

  test('gives scores and derivatives of a network within 1e-4 of Node’s', async () => {
    const pixels = Array.from({ length: 784 }, (_, i) => Math.fround(((i * 7) % 101) / 100));
    const trial = { image: 0, transformations: [{ tx: 0.7, ty: -0.4, angle: 13 }] };
    const seen = await opened.page.evaluate(
      async (given) => {
        const classifier = await gimbal.openClassifier({ model: 'mnist-standard.onnx', threads: 1 });
        const request = { images: [Float32Array.from(given.pixels)], trials: [given.trial] };
        const byView = await classifier.gradients!(request, [4], 'transformation');
        const byPixels = await classifier.gradients!(request, [4], 'pixels');
        const scores = await classifier.logits(request);
        await classifier.close();
        return [scores, byView.transformation!, byPixels.pixels![0]].map((values) => [...values]);
      },
      { pixels, trial },
    );
    const classifier = await openClassifier({ model: 'mnist-standard', threads: 1 });
    try {
      const request = { images: [Float32Array.from(pixels)], trials: [trial] };
      const byView = await classifier.gradients!(request, [4], 'transformation');
      const byPixels = await classifier.gradients!(request, [4], 'pixels');
      const there = [await classifier.logits(request), byView.transformation!, byPixels.pixels![0]];
      there.forEach((values, k) => {
        expect(values.length).toBe(seen[k].length);
        values.forEach((value, i) => expect(Math.abs(value - seen[k][i])).toBeLessThan(1e-4));
      });
      expect(Math.max(...seen[1].map(Math.abs))).toBeGreaterThan(1e-3);
    } finally {
      await classifier.close();
    }
  });

  // A case of each operator: all cases run on Node (src/gradients/operators.test.ts).
  test('computes the derivatives of every operator as PyTorch does in float64', async () => {
    const first = new Map(
      referenceCases()
        .toReversed()
        .map((entry) => [`${entry.domain} ${entry.opType}`, entry]),
    );
    const graphs = [...first.values()].map((entry) => {
      const positions = [...entry.gradients.keys()];
      const model = toWorkingOpset(modelOf(graphOf(entry, 'shapes'), entry.opset));
      const result = differentiate(model.graph, { output: 'loss', by: positions.map((position) => `x${position}`) });
      return {
        entry,
        positions,
        outputs: positions.map((position) => result.gradients.get(`x${position}`)!),
        bytes: Buffer.from(writeModel(modelOf(result.graph))).toString('base64'),
        feeds: positions.map((position) => {
          const { type, dims, data } = entry.inputs[position]!;
          return { name: `x${position}`, type, dims: [...dims], data: [...(data as Float32Array)] };
        }),
      };
    });
    const seen = await opened.page.evaluate(
      async (given) => {
        const { runtime } = gimbal.webPlatform({});
        const all: (number[][] | string)[] = [];
        for (const { bytes, feeds, outputs } of given) {
          try {
            const session = await runtime.createSession(Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0)));
            const tensors = feeds.map(({ name, data, ...rest }) => {
              const values = Float32Array.from(data);
              return [name, { ...rest, data: values, size: values.length, location: 'cpu' }];
            });
            const results = await session.run(Object.fromEntries(tensors), outputs);
            all.push(outputs.map((name) => [...(results[name].data as Float32Array)]));
            await session.release();
          } catch (error) {
            all.push(String(error));
          }
        }
        return all;
      },
      graphs.map(({ bytes, feeds, outputs }) => ({ bytes, feeds, outputs })),
    );
    const wrong = graphs.flatMap(({ entry, positions }, i) => {
      const outcome = seen[i];
      const name = `${entry.opType}: ${entry.name}`;
      if (typeof outcome === 'string') return [`${name}: ${outcome}`];
      return positions.flatMap((position, k) => {
        const error = relativeError(outcome[k], entry.gradients.get(position)!.data as Float32Array);
        return error < 1e-4 ? [] : [`${name}, by input ${position}: ${error}`];
      });
    });
    expect(wrong).toEqual([]);
    expect(graphs.length).toBeGreaterThan(80);
  });

  test('refuses what the command line refuses, and what a page has not, in the same words', async () => {
    const refusals = await opened.page.evaluate(async () => {
      const data = { images: [new Float32Array(64)], labels: [0], shape: { channels: 1, height: 8, width: 8 } };
      const told = async (request: object): Promise<string> =>
        gimbal.evaluate({ model: 'small.onnx', data, ...request }).then(
          () => '',
          (error: Error) => error.message,
        );
      return [
        await told({ grid: '3x3' }),
        await told({ out: 'runs/one' }),
        await told({ model: 'none.onnx' }),
        await told({ model: new TextEncoder().encode('this is no model') }),
        await told({ data: { ...data, images: [new Float32Array(9)], shape: { channels: 1, height: 3, width: 3 } } }),
      ];
    });
    expect(refusals[0]).toMatch(/^option grid: got "3x3", expected the number of points/);
    expect(refusals[1]).toMatch(/^runs\/one: is a file or folder, and a page has none\./);
    expect(refusals[2]).toMatch(/^none\.onnx: cannot be fetched: the server says 404\./);
    expect(refusals[3]).toMatch(/^model\.onnx: .*ONNX/);
    expect(refusals[4]).toMatch(/3×3.*8×8|1×3×3.*1×8×8/);
  });
});

async function prepared() {
  const { prepareModel, readToRun } = await import('../../model/prepare.ts');
  const none = () => {
    throw new Error('no weights elsewhere');
  };
  return prepareModel(nodePlatform.runtime, readToRun(MODEL, none), {});
}
