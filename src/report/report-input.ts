import type { AttackFacts, Extent } from '../attacks/attack.ts';
import type { AttackSettings } from '../attacks/create-attack.ts';
import type { ClassTally } from '../evaluation/tally-classes.ts';
import type { Landscape } from '../evaluation/landscape.ts';
import type { EvaluationResult } from '../evaluation/records.ts';
import type { SweptVerdict } from '../evaluation/sweeps.ts';
import type { Box } from '../sets/box.ts';
import type { Transformation } from '../transform/transformation.ts';
import type { BaselineView } from './baseline-view.ts';
import type { Failure } from './failures.ts';
import type { Made } from './made.ts';
import type { GridTally } from './tally-grid.ts';
import type { ClassSurvival } from './tally-survival.ts';

/** Everything that a report says. Parts that were not measured are left out, and so are their sections. */
export interface ReportInput {
  readonly result: EvaluationResult;
  /** The transformations that the attacks chose from. */
  readonly setting: ReportSetting;
  readonly made?: Made;
  /** The command that repeats the run. */
  readonly command: string;
  /** All options resolved, in words, in the order in which they are shown. */
  readonly configuration: readonly (readonly [name: string, value: string])[];
  /** What was taken for granted about the model and the data: layout, range of the pixels, normalisation. */
  readonly assumptions?: readonly string[];
  /** By label. */
  readonly classNames?: readonly string[];
  readonly classes?: readonly ClassTally[];
  /** Exhaustive runs: one tally for each grid attack. */
  readonly grids?: readonly GridTally[];
  /** Runs that did not try every point of a grid on every image: what a part of their images shows. */
  readonly slices?: Slices;
  readonly examples?: readonly Example[];
  /** One for each attack that looks for the smallest that fools. */
  readonly tolerances?: readonly Tolerance[];
  /** All images that are wrong as they are or that something fooled, those first that it takes least for. */
  readonly failures?: readonly Failure[];
  readonly landscapes?: readonly Landscape[];
  /** The run beside an earlier one. */
  readonly baseline?: BaselineView;
}

/** Every angle without a shift and every shift without a turn, on images spread over the run. */
export interface Slices {
  /** Of rotations alone, of shifts alone. */
  readonly grids: readonly GridTally[];
  /** Images of the run. */
  readonly of: number;
}

/** What an attack that looks for the smallest found, beyond the curve in the result. */
export interface Tolerance {
  readonly attack: string;
  readonly extent: Extent;
  readonly classes: readonly ClassSurvival[];
  /** Images that are right as they are and break first. */
  readonly fragile: readonly Example[];
}

/** What decided the attacks, and what stood between them and the model. */
export interface ReportSetting extends AttackSettings {
  /** Attacks that do not come with Gimbal. */
  readonly own?: readonly AttackFacts[];
  /** The mean over each input and its mirror image was evaluated in place of the model. */
  readonly mirror?: boolean;
  /** The majority vote that was evaluated in place of the model. */
  readonly vote?: { readonly draws: number; readonly box: Box };
}

/** A transformation that fools, and what it is among all that do. */
export interface Shown {
  /** `smallest`: the smallest point of the grid that fools; `found`: what the attack itself ended with. */
  readonly kind: 'smallest' | 'found';
  readonly transformation: Transformation;
  /** Class predicted for the transformed image. */
  readonly predicted: number;
  /** Cross-entropy of the transformed image. */
  readonly loss: number;
}

/** What an image looks like under one transformation, and what the model takes it for. */
export interface Frame extends SweptVerdict {
  /** Data URL. */
  readonly picture: string;
}

/** An image that fools the model once it is transformed. */
export interface Example extends Shown {
  readonly index: number;
  readonly file?: string;
  readonly label: number;
  /** Class predicted for the image as it is. */
  readonly prediction: number;
  /** The attack that the image fell to. */
  readonly attack: string;
  /** Data URLs. */
  readonly original: string;
  readonly transformed: string;
  /** The image under transformations in a row, among them the one shown. */
  readonly frames?: readonly Frame[];
}
