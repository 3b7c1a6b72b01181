import type { Box } from '../../sets/box.ts';
import type { Transformation } from '../../transform/transformation.ts';
import type { Warp } from '../../transform/warp.ts';
import type { FrozenModel } from '../step/frozen-model.ts';
import type { Distance } from '../step/loss.ts';
import type { PairTerm } from '../step/step-graph.ts';
import type { StepInput } from '../step/step-session.ts';

/** Images of one update. */
export interface Batch {
  /** Raw images in [0, 1], CHW, after flips and crops. */
  readonly images: readonly Float32Array[];
  readonly labels: readonly number[];
  /** Identities of the images in their data set, under which randomness is drawn. */
  readonly indices: readonly number[];
}

/** What an objective may ask for while it prepares a batch. */
export interface ObjectiveContext {
  /** That the network tells. */
  readonly classes: number;
  /** Label smoothing. */
  readonly smoothing: number;
  /** Limits of the transformations that are trained against. */
  readonly box: Box;
  readonly warp: Warp;
  /** Share of the run that is done, in [0, 1). */
  readonly progress: number;
  /** Uniform transformation number `draw` of an image, a pure function of seed, epoch, index and draw. */
  draw(index: number, draw: number): Transformation;
  /** Four uniform numbers in [0, 1) for the block `block` of an image's noise: pure like `draw`. */
  noise(index: number, block: number): readonly [number, number, number, number];
  /** The network as it stands before this update, in inference mode. */
  frozen(): Promise<FrozenModel>;
  /** The network as the run began with it, in inference mode. */
  teacher(): Promise<Pick<FrozenModel, 'logits'>>;
}

/** Which images an update trains on, for updates that a device carries out alone. */
export interface DevicePlan {
  /** The images as they are, before the transformed ones if there are such. */
  readonly natural: boolean;
  /** k at a share of the run: the worst of k random transformations of each image by cross-entropy. Undefined: none. */
  readonly candidates?: (progress: number) => number;
  /** The images as they are are moved by an attack in pixels before they are trained on. */
  readonly pixelAttack?: PixelAttack;
}

/**
 * Ascents of the cross-entropy by the sign of its gradient by the pixels, within ±epsilon of the image and inside [0,
 * 1].
 */
export interface PixelAttack {
  readonly epsilon: number;
  readonly steps: number;
  readonly stepSize: number;
}

/** What objectives read of a training's settings, which recipes/recipe.ts has with their bounds and help. */
export interface ObjectiveSettings {
  readonly candidates: number;
  readonly startCandidates?: number;
  readonly steps: number;
  readonly epsilon: number;
  readonly stepSize?: number;
  readonly distance: Distance;
  readonly lambda: number;
  readonly crossEntropyOn: 'natural' | 'both';
}

/** An objective, in the file that holds it; `registry.ts` lists all. */
export interface ObjectiveDefinition<Name extends string = string> {
  readonly name: Name;
  /** What it changes images by: what a network so trained should withstand. */
  readonly against: 'nothing' | 'transformations' | 'pixel noise';
  /** Whether the network as the run began stands in for labels. */
  readonly taught?: boolean;
  create(settings: ObjectiveSettings): Objective;
}

/** An objective's definition with the type of its name. */
export function defineObjective<const Name extends string>(
  definition: ObjectiveDefinition<Name>,
): ObjectiveDefinition<Name> {
  return definition;
}

/** What a training step minimises. */
export interface Objective {
  /** Present where natural and transformed images are trained on in pairs. */
  readonly pair?: PairTerm;
  /** Rows that `prepare` makes of each image: sessions are opened for so many. */
  readonly rowsPerImage: 1 | 2;
  /** Whether `prepare` takes gradients of the frozen model. */
  readonly needsGradients: boolean;
  /** Absent where updates need more than a device does alone. */
  readonly plan?: DevicePlan;
  /** What the rows that are trained on should be classified as: [rows, classes]. */
  targets(labels: readonly number[], context: Pick<ObjectiveContext, 'classes' | 'smoothing'>): Float32Array;
  prepare(batch: Batch, context: ObjectiveContext): Promise<StepInput>;
}
