import type { ImageShape, LabelledImage } from '../image/image.ts';
import type { Box, Subset } from '../sets/box.ts';
import type { Grid } from '../sets/grid.ts';
import type { Sources } from '../transform/gather.ts';
import type { Interpolation, Transformation } from '../transform/transformation.ts';
import type { Norm } from './perturbation.ts';

/** The image under attack. */
export interface Target extends LabelledImage {
  readonly shape: ImageShape;
  /** What messages call it, where it is not one of a data set: `the picture`. */
  readonly name?: string;
}

/** One thing to try on the target. */
export interface Probe {
  readonly transformation: Transformation;
  /** Added to the untransformed image, CHW. */
  readonly perturbation?: Float32Array;
  /** What each pixel shows of the image: tried in place of the transformation, which only tells of it. */
  readonly sources?: Sources;
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

/** What is known of an image for certain, or with a stated confidence, beyond whether it is proved. */
export interface Certificate {
  /** Inputs, or draws, that decide it. */
  readonly inputs: number;
  /** Whole-pixel shifts: up to this many pixels all hold; `null` where the image is wrong as it is. */
  readonly radius?: number | null;
  /** Draws made, and those of them that fool. */
  readonly draws?: number;
  readonly fooling?: number;
  /** The share of the box that fools is at most this, with the confidence asked for; `null` where nothing is said. */
  readonly bound?: number | null;
  /** Nothing that was tried fools, and passes ran out before all was. */
  readonly undecided?: true;
}

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
  /**
   * Searches for the smallest that fools: the size of the smallest point of the grid that does, 0 for an image that is
   * wrong as it is, `null` where none does.
   */
  readonly breakingPoint?: number | null;
  /** A smaller size that fools as well, between the grid's points, where one was found. */
  readonly refinedPoint?: number;
  /** Searches that prove or bound. */
  readonly certificate?: Certificate;
  /** Exhaustive grid searches: the loss of every candidate in the grid's order, with the sign of `exhaustiveValue`. */
  readonly losses?: Float32Array;
  /** Iterates of a first-order search in order: tx, ty, angle, loss. */
  readonly path?: readonly (readonly [number, number, number, number])[];
}

/** The worst that a search found for its image. */
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

/** What an attack changes: where the camera stands, the values of pixels, both, or nothing at all. */
export const CHANGES = ['nothing', 'view', 'pixels', 'view and pixels'] as const;

/** What a report calls an attack. */
export interface AttackWords {
  /** What it does to each image, after its name: `the worst of a grid of 775 rotations and shifts`. */
  readonly tries: string;
  /** Under what accuracy falls, where `under` and `tries` do not say it: `under the grid of rotations up to 30°`. */
  readonly under?: (range: string) => string;
}

/** The figure that a report draws for an attack, beyond its bar among the accuracies. */
export type AttackFigure =
  /** Accuracy over angle and shift, from the loss at each point of the grid, which an exhaustive run keeps. */
  | { readonly kind: 'grid'; readonly grid: Grid }
  /** The way that the search takes, over the landscape of the loss. `within`: the same search in another box */
  | { readonly kind: 'path'; readonly within: (box: Box) => Attack }
  /**
   * Accuracy over the size of pixel noise, from all attacks that name one.
   * `beside`: the attack that tries the same transformations without noise
   */
  | { readonly kind: 'radius'; readonly norm: Norm; readonly epsilon: number; readonly beside?: string }
  /**
   * The share of images that withstand everything up to each size, from their breaking points.
   * `limits`: the sizes that the grid's points have, rising from 0
   */
  | { readonly kind: 'survival'; readonly extent: Extent; readonly limits: readonly number[] };

/** In what the size of a transformation is measured: degrees, pixels, or the largest share of a limit of the box. */
export const EXTENTS = ['rotation', 'translation', 'box'] as const;
/** One of `EXTENTS`: in what the size of a transformation is measured. */
export type Extent = (typeof EXTENTS)[number];

/** What certificates are about, as results name them. */
export const GRADES = [
  'shifts',
  'rotation',
  'rotation-and-shifts',
  'bound',
  'bound:rotation',
  'bound:translation',
] as const;
/** One of `GRADES`: what a certificate is about. */
export type Grade = (typeof GRADES)[number];

/** What is known of an attack before it searches: all that options, records and reports need to know of it. */
export interface AttackFacts {
  /** Under this name results are kept: `grid:rotation`. */
  readonly name: string;
  readonly changes: (typeof CHANGES)[number];
  /** Which parameters of the transformation it moves, where it moves any; `full` where left out. */
  readonly subset?: Subset;
  readonly words: AttackWords;
  /**
   * `worst`: it looks for the worst of what it may do, and its passes can be set beside those of other such searches.
   * `smallest`: it looks for the least that fools, `proof`: it asks whether nothing does, `bound`: whether little does.
   * Only a classifier has these whose answers are not drawn.
   */
  readonly seeks?: 'worst' | 'smallest' | 'proof' | 'bound';
  /** What it certifies. `meaning`: what is then known of an image, and what is not, in a sentence or two */
  readonly certificate?: { readonly grade: Grade; readonly meaning: string };
  /** How it reads images, where that is a matter of the attack and not of the run. */
  readonly interpolation?: Interpolation;
  readonly figure?: AttackFigure;
}

/** A search with the name under which its findings are told. */
export interface Searching {
  readonly name: string;
  search(target: Target): Search;
}

/** One attack. */
export interface Attack extends AttackFacts, Searching {
  /** Whether it asks for gradients. */
  readonly needsGradients: boolean;
}

/** Asks for the outcomes of probes from inside a search. */
export function* classify(probes: readonly Probe[]): Generator<Ask, readonly Outcome[], Reply> {
  return yield { kind: 'classify', probes };
}

/** Asks for the gradients at probes from inside a search. */
export function* askGradients(
  by: 'transformation' | 'pixels',
  probes: readonly Probe[],
): Generator<Ask, readonly GradientOutcome[], Reply> {
  return (yield { kind: 'gradient', by, probes }) as readonly GradientOutcome[];
}
