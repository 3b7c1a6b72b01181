import { expect, it } from 'vitest';
import { WorstTracker } from '../../attacks/worst-tracker.ts';
import { GraphBuilder } from '../../onnx/builder.ts';
import { tensorFrom } from '../../onnx/tensor.ts';
import { argMax, crossEntropy } from '../../statistics/cross-entropy.ts';
import { runGraph } from '../../testing/run-graph.ts';
import type { Transformation } from '../../transform/transformation.ts';
import { createWarp } from '../../transform/warp.ts';
import type { Trainable } from '../network/trainable.ts';
import { byCrossEntropy, worstOf } from '../objectives/candidates.ts';
import type { ObjectiveContext } from '../objectives/objective.ts';
import { MAP_SIZE, writeMap } from './warp-graph.ts';
import { worstMaps } from './worst-candidates.ts';

/*
 * The rule of the worst (a misclassified candidate beats every correct one, then the higher cross-entropy, then the
 * earlier candidate) is written three times: for searches, which are offered one outcome after the other, for batches
 * of a training on the CPU, and as a graph. One table holds them to the same choice.
 */

/** One row of pixels; the scores of an image are its pixels, so that a shift moves them. */
const shape = { channels: 1, height: 1, width: 3 };
const classes = 3;
const shift = (tx: number): Transformation => ({ tx, ty: 0, angle: 0 });

const CASES: readonly [what: string, pixels: number[], label: number, shifts: number[], worst: number][] = [
  ['the higher loss of two that are right', [0, 5, 1], 1, [0, 0.25, 0.125], 1],
  ['one that is wrong before one of higher loss that is right', [0, 3, 1], 1, [0, 1, 0.25], 1],
  ['the higher loss of two that are wrong', [0, 0, 9], 1, [0, 0.25, -1], 0],
  ['the earlier of two that are equal', [0, 5, 1], 1, [0, 0.25, 0.25], 1],
  ['the only one', [0, 5, 1], 0, [1], 0],
];

const image = (pixels: readonly number[]): Float32Array => Float32Array.from(pixels);

const FORMS: Readonly<Record<string, (pixels: number[], label: number, ts: Transformation[]) => Promise<number>>> = {
  'a search': async (pixels, label, ts) => {
    const tracker = new WorstTracker(label);
    ts.forEach((transformation, candidate) => {
      const logits = new Float32Array(classes);
      createWarp(shape).apply(image(pixels), transformation, logits);
      const outcome = {
        predicted: argMax(logits, 0, classes),
        loss: crossEntropy(logits, 0, classes, label),
      };
      tracker.offer({ transformation, candidate }, outcome);
    });
    return ts.indexOf(tracker.worst.transformation);
  },
  'a training step': async (pixels, label, ts) => {
    const context = {
      classes,
      warp: createWarp(shape),
      draw: (_: number, draw: number) => ts[draw],
      frozen: async () => ({ logits: async (images: Float32Array) => images }),
    } as unknown as ObjectiveContext;
    const batch = { images: [image(pixels)], labels: [label], indices: [0] };
    const [worst] = await worstOf(ts.length, batch, context, byCrossEntropy([label], classes));
    return ts.indexOf(worst);
  },
  'a graph': async (pixels, label, ts) => {
    const b = new GraphBuilder('worst');
    const images = b.input('images', 'float32', [1, 1, 1, 3]);
    const maps = b.input('maps', 'float32', [1, ts.length, MAP_SIZE]);
    const labels = b.input('labels', 'float32', [1, classes]);
    const of = { network: { shape, classes } as Trainable, batch: 1, candidates: ts.length };
    const frozen = (input: string): string => b.op('Reshape', [input, b.ints([-1, classes])]);
    b.outputAs('worst', worstMaps(b, of, images, maps, labels, frozen), 'float32', [1, 1, MAP_SIZE]);
    const written = ts.map((t) => {
      const map = new Float32Array(MAP_SIZE);
      writeMap(t, shape, map, 0);
      return [...map];
    });
    const { worst } = await runGraph(b.build(), {
      images: tensorFrom('float32', pixels, [1, 1, 1, 3]),
      maps: tensorFrom('float32', written.flat(), [1, ts.length, MAP_SIZE]),
      labels: tensorFrom(
        'float32',
        Array.from({ length: classes }, (_, c) => Number(c === label)),
        [1, classes],
      ),
    });
    return written.findIndex((map) => map.join() === [...worst].join());
  },
};

it.each(Object.keys(FORMS).flatMap((form) => CASES.map((one) => [form, ...one] as const)))(
  '%s takes %s',
  async (form, _, pixels, label, shifts, worst) => {
    expect(await FORMS[form](pixels, label, shifts.map(shift))).toBe(worst);
  },
);
