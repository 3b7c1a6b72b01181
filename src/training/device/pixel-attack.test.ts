import { expect, it } from 'vitest';
import type { GradientOutcome, Search } from '../../attacks/attack.ts';
import { ascendPixels } from '../../attacks/pgd.ts';
import { WorstTracker } from '../../attacks/worst-tracker.ts';
import { nodeRuntime } from '../../node/runtime/runtime.ts';
import { GraphBuilder } from '../../onnx/builder.ts';
import { tensorFrom } from '../../onnx/tensor.ts';
import { randomStream } from '../../random/stream.ts';
import { denseNetwork } from '../../testing/dense-network.ts';
import { runGraph } from '../../testing/run-graph.ts';
import { IDENTITY } from '../../transform/transformation.ts';
import { linf } from '../objectives/linf.ts';
import type { ObjectiveContext } from '../objectives/objective.ts';
import { softTargets } from '../objectives/targets.ts';
import { freeze, openGradientSession } from '../step/frozen-model.ts';
import { attackedImages } from './pixel-attack.ts';

/*
 * Projected ascent in pixels has three forms: a search moves the perturbation of one image, a training on the CPU a
 * batch of images (both within the bounds of attacks/perturbation.ts), and a graph does so on a device. One table holds
 * them to the same pixels.
 */

const shape = { channels: 1, height: 2, width: 2 };
const classes = 2;
const network = denseNetwork(shape, classes);
// Steps go up where the second row of weights is greater than the first, and nowhere where they are equal.
const state = {
  parameters: Float32Array.of(1, 0, 0, 2, 0, 1, 0, 1, 0, 0),
  statistics: new Float32Array(0),
};
/** With a pixel at the end of [0, 1] and ones that the limit stops. */
const image = Float32Array.of(0.5, 0.98, 0.3, 0.01);
const label = 0;

const FORMS: Readonly<Record<string, (epsilon: number, steps: number, step: number) => Promise<Float32Array>>> = {
  'a search': async (epsilon, steps, step) => {
    const model = await freeze(network, state, nodeRuntime, 1, await openGradientSession(network, nodeRuntime, 1));
    const settings = { norm: 'linf', epsilon, step, steps, restarts: 1, randomStart: false } as const;
    const target = { index: 0, label, pixels: image, shape };
    const search = ascendPixels(
      target,
      IDENTITY,
      settings,
      randomStream(0, 'start'),
      new WorstTracker(label),
      true,
      0,
    ) as unknown as Search;
    let [reached, next] = [image, search.next()];
    while (next.done !== true) {
      const [{ perturbation }] = next.value.probes;
      reached = image.map((value, i) => value + (perturbation?.[i] ?? 0));
      const { byInput } = await model.gradients(reached, softTargets([label], classes, 0, 1), 1);
      const outcome: GradientOutcome = { predicted: label, loss: 0, gradient: [...byInput] };
      next = search.next([outcome]);
    }
    return reached;
  },
  'a training step': async (epsilon, steps, stepSize) => {
    const model = await freeze(network, state, nodeRuntime, 1, await openGradientSession(network, nodeRuntime, 1));
    const context = {
      classes,
      smoothing: 0,
      noise: () => [0.5, 0.5, 0.5, 0.5],
      frozen: async () => model,
    } as unknown as ObjectiveContext;
    const batch = { images: [image], labels: [label], indices: [0] };
    return (await linf({ epsilon, steps, stepSize }).prepare(batch, context)).images;
  },
  'a graph': async (epsilon, steps, stepSize) => {
    const b = new GraphBuilder('attack');
    const images = b.input('images', 'float32', [1, 1, 2, 2]);
    const labels = b.input('labels', 'float32', [1, classes]);
    const tensors = Object.fromEntries(
      network.layout.slots.map(({ name, dims }) => [
        name,
        b.constant([...(network.layout.views(state.parameters).get(name) as Float32Array)], dims),
      ]),
    );
    const attacked = attackedImages(
      b,
      { network, batch: 1 },
      { epsilon, steps, stepSize },
      images,
      images,
      labels,
      tensors,
    );
    b.outputAs('attacked', attacked, 'float32', [1, 1, 2, 2]);
    const feeds = {
      images: tensorFrom('float32', image, [1, 1, 2, 2]),
      labels: tensorFrom('float32', softTargets([label], classes, 0, 1), [1, classes]),
    };
    return (await runGraph(b.build(), feeds)).attacked;
  },
};

const CASES: readonly [epsilon: number, steps: number, step: number, expected: number[]][] = [
  // The first and the last weight of the classes differ so that their pixels fall, the second rises, the third stays.
  [0.1, 1, 0.05, [0.45, 1, 0.3, 0]],
  [0.1, 3, 0.05, [0.4, 1, 0.3, 0]],
  [0.01, 3, 0.05, [0.49, 0.99, 0.3, 0]],
  [0.1, 0, 0.05, [0.5, 0.98, 0.3, 0.01]],
];

it.each(Object.keys(FORMS).flatMap((form) => CASES.map((one) => [form, ...one] as const)))(
  '%s within %d, %d steps of %d, ends at %j',
  async (form, epsilon, steps, step, expected) => {
    const reached = await FORMS[form](epsilon, steps, step);
    expected.forEach((value, i) => expect(reached[i]).toBeCloseTo(value, 5));
  },
);
