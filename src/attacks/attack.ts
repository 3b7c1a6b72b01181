import type { ImageShape, LabelledImage } from '../image/image.ts';
import type { Transformation } from '../transform/transformation.ts';

/** The image under attack. */
export interface Target extends LabelledImage {
  readonly shape: ImageShape;
}

/** One thing to try on the target. */
export interface Probe {
  readonly transformation: Transformation;
  /** Added to the untransformed image, CHW. */
  readonly perturbation?: Float32Array;
  /** Number of the candidate within the attack: a majority vote's draws are fresh for each. */
  readonly candidate: number;
}

/** What the classifier made of a probe. */
export interface Outcome {
  readonly predicted: number;
  /** Cross-entropy of the true label, natural logarithm. */
  readonly loss: number;
}

/** An outcome with the gradient of the loss. */
export interface GradientOutcome extends Outcome {
  /** By (tx, ty, angle), a pixel, a pixel and a degree; or by the untransformed pixels, CHW. */
  readonly gradient: ArrayLike<number>;
}

/** What a search asks for before it can go on. */
export type Ask =
  | { readonly kind: 'classify'; readonly probes: readonly Probe[] }
  | { readonly kind: 'gradient'; readonly by: 'transformation' | 'pixels'; readonly probes: readonly Probe[] };

/** What a search found. */
export interface Finding {
  /** Right on everything tried. */
  readonly robust: boolean;
  readonly worst: Worst;
  /** Probes that trying everything asks for. */
  readonly exhaustive: number;
  readonly correctDraws?: number;
  readonly draws?: number;
  /** Exhaustive searches: number of candidates that fool. */
  readonly fooling?: number;
  /** Exhaustive grid searches: the loss of every candidate in the grid's order, with the sign of `exhaustiveValue`. */
  readonly losses?: Float32Array;
  /** Iterates of a first-order search in order: tx, ty, angle, loss. */
  readonly path?: readonly (readonly [number, number, number, number])[];
}

export interface Worst extends Outcome {
  readonly transformation: Transformation;
  readonly perturbation?: Float32Array;
}

type Reply = readonly (Outcome | GradientOutcome)[];

/**
 * The search for a fooling input for one image: it yields what it wants tried and is resumed with the outcomes, in
 * order. It knows nothing of batches, threads or other images, so none of them can change what it finds.
 */
export type Search = Generator<Ask, Finding, Reply>;

/** One attack. */
export interface Attack {
  readonly name: string;
  /** Whether it asks for gradients. */
  readonly needsGradients: boolean;
  search(target: Target): Search;
}

/** Asks for the outcomes of probes from inside a search. */
export function* classify(probes: readonly Probe[]): Generator<Ask, readonly Outcome[], Reply> {
  return yield { kind: 'classify', probes };
}

/** Asks for the gradients at probes from inside a search. */
export function* differentiate(
  by: 'transformation' | 'pixels',
  probes: readonly Probe[],
): Generator<Ask, readonly GradientOutcome[], Reply> {
  return (yield { kind: 'gradient', by, probes }) as readonly GradientOutcome[];
}
