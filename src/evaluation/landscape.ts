import type { Attack, Outcome, Target } from '../attacks/attack.ts';
import { WorstTracker } from '../attacks/worst-tracker.ts';
import type { Classifier } from '../model/classifier.ts';
import { createGrid, type Grid } from '../sets/grid.ts';
import type { Box } from '../sets/box.ts';
import type { Transformation } from '../transform/transformation.ts';
import { createAnswerer, type Answerer } from './answer.ts';
import { settle } from './settle.ts';

/** The loss of one image over angle and horizontal shift, without a vertical shift. */
export interface Landscape {
  readonly index: number;
  readonly label: number;
  /** In degrees, rising and evenly spaced. */
  readonly angles: readonly number[];
  /** In pixels, rising and evenly spaced. */
  readonly tx: readonly number[];
  /** The vertical shift of the slice, in pixels. */
  readonly ty: number;
  /** Cross-entropy, [tx, angle] row by row. */
  readonly loss: Float32Array;
  /** 1 where the image is classified right, 0 where not, [tx, angle]. */
  readonly correct: Uint8Array;
  /** Where the first-order attack went in this slice, from its start on. */
  readonly path?: readonly Transformation[];
  /** The worst point of the slice. */
  readonly gridWorst: Transformation;
}

/** Points along tx and the angle: fine enough to see single maxima, and both hold the identity. */
const RESOLUTION = { tx: 25, ty: 1, angle: 61 };

/** Forward passes that the landscape of one image takes at most. */
export const LANDSCAPE_POINTS = RESOLUTION.tx * RESOLUTION.ty * RESOLUTION.angle;

/** Probes asked for at once. */
const WAVE = 256;

/** The points of a landscape: the slice ty = 0 of the box. */
export function landscapeGrid(box: Box): Grid {
  return createGrid({ ...box, ty: 0 }, RESOLUTION);
}

/** What a landscape may be measured with. */
export interface LandscapeOptions {
  /** A first-order attack on the slice, whose way is then drawn on the landscape. */
  readonly firstOrder?: Attack;
  /** Points in the order in which they are measured. Default: by number. */
  readonly order?: ArrayLike<number>;
  /** Probes asked for at once. */
  readonly wave?: number;
  /** Receives points as they are measured. */
  readonly onPoints?: (points: readonly number[], outcomes: readonly Outcome[]) => void;
  readonly signal?: AbortSignal;
}

/** Measures the loss landscape of one image in the slice ty = 0 of the box. */
export async function measureLandscape(
  classifier: Classifier,
  target: Target,
  box: Box,
  { firstOrder, order, wave = WAVE, onPoints, signal }: LandscapeOptions = {},
): Promise<Landscape> {
  const answer = createAnswerer(classifier);
  const grid = landscapeGrid(box);
  const loss = new Float32Array(grid.length);
  const correct = new Uint8Array(grid.length);
  const tracker = new WorstTracker(target.label);
  for (let start = 0; start < grid.length; start += wave) {
    signal?.throwIfAborted();
    const probes = Array.from({ length: Math.min(wave, grid.length - start) }, (_, i) => {
      const candidate = order?.[start + i] ?? start + i;
      return { candidate, transformation: grid.point(candidate) };
    });
    const [outcomes] = await answer([{ target, attack: 'landscape', ask: { kind: 'classify', probes } }]);
    probes.forEach((probe, i) => {
      loss[probe.candidate] = outcomes[i].loss;
      correct[probe.candidate] = Number(outcomes[i].predicted === target.label);
      tracker.offer(probe, outcomes[i]);
    });
    onPoints?.(
      probes.map(({ candidate }) => candidate),
      outcomes,
    );
  }
  return {
    index: target.index,
    label: target.label,
    angles: grid.axes.angle,
    tx: grid.axes.tx,
    ty: 0,
    loss,
    correct,
    ...(firstOrder === undefined ? {} : { path: await walk(target, firstOrder, answer) }),
    gridWorst: tracker.worst.transformation,
  };
}

async function walk(target: Target, attack: Attack, answer: Answerer): Promise<Transformation[] | undefined> {
  const [findings] = await settle([target], [attack], answer);
  return findings.get(attack.name)?.path?.map(([tx, ty, angle]) => ({ tx, ty, angle }));
}
