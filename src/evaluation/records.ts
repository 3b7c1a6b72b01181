import type { Certificate, Extent, Grade } from '../attacks/attack.ts';
import type { TransformationTuple } from '../transform/transformation.ts';

/** A loss as records hold it. */
export function toSixDigits(loss: number): number {
  return Number(loss.toPrecision(6));
}

/** What an attack found for one image: one entry of a line's `attacks` in `images.jsonl`. */
export interface AttackRecord {
  /**
   * Right on everything that the attack demands. For `random` with several draws: right on the first. Of a vote: right
   * when asked afresh at the transformation that the attack chose.
   */
  readonly robust: boolean;
  /** Votes under attacks that choose: right in every query of the search. */
  readonly everyQuery?: boolean;
  /** Worst transformation tried: a misclassified one beats a correct one, then the higher loss, then the earlier. */
  readonly worst: TransformationTuple;
  /** Cross-entropy (natural logarithm) at the worst transformation, to six digits; of a vote, when asked afresh. */
  readonly loss: number;
  /** Class predicted there. */
  readonly predicted: number;
  /** Forward passes made for this image; a gradient counts as one. */
  readonly tried: number;
  /** Forward passes that trying everything would have made. */
  readonly exhaustive: number;
  /** `random` only: correct draws out of `draws`. */
  readonly correctDraws?: number;
  readonly draws?: number;
  /** Exhaustive runs and votes: how many of the candidates fool. */
  readonly fooling?: number;
  /**
   * `tolerance` only: size of the smallest point of its grid that fools, in degrees, pixels or as a share of the box; 0
   * where the image is wrong as it is, `null` where none fools. The point is `worst`.
   */
  readonly breakingPoint?: number | null;
  /** A smaller size that fools as well: that of `worst` scaled down between the grid's points. */
  readonly refinedPoint?: number;
  /** `proved` and `bounded` only: what is known of the image, beyond `robust`. */
  readonly certificate?: Certificate;
  /** Pixel attacks that fooled: file in the run folder with the perturbation, raw float32, CHW. */
  readonly perturbation?: string;
}

/** One line of `images.jsonl`. */
export interface ImageRecord {
  readonly index: number;
  readonly label: number;
  /** Its file, relative to the data set. Absent where images have no files, and of runs of version 0.1.0. */
  readonly file?: string;
  /** Name of the class that is the label, where classes have names. */
  readonly class?: string;
  /** Predicted class of the image as it is. */
  readonly prediction: number;
  /** Its name, where classes have names. */
  readonly predictedClass?: string;
  readonly attacks: Readonly<Record<string, AttackRecord>>;
}

/** Accuracy under one attack, over all images. */
export interface AttackSummary extends Rate {
  /** Votes under attacks that choose: images that were right in every query of the search as well. */
  readonly everyQuery?: Rate;
}

/** A fraction of images. */
export interface Rate {
  /** Images that are right; a mean over draws for `random`, so not always whole. */
  readonly correct: number;
  readonly n: number;
  /** In [0, 1]. */
  readonly accuracy: number;
  /** 95 % Wilson interval, in [0, 1]. */
  readonly interval: readonly [number, number];
}

/** What became of every class. */
export interface ClassResults {
  readonly attack: string;
  readonly byLabel: readonly ClassResult[];
}

/** What became of the images of a class. */
export interface ClassResult {
  readonly label: number;
  /** Where classes have names. */
  readonly name?: string;
  /** Images. */
  readonly n: number;
  /** Images that are right as they are. */
  readonly natural: number;
  /** Images that are right under the attack. */
  readonly robust: number;
  /** The class that the images are taken for most often under the attack; absent where all are right. */
  readonly confusion?: {
    readonly predicted: number;
    readonly name?: string;
    readonly n: number;
    /** The smallest known to lead there; absent where only noise does. */
    readonly transformation?: TransformationTuple;
  };
}

/** How many images withstand how much. */
export interface Survival {
  /** Sizes that the points of the grid have, rising from 0: degrees, pixels, or shares of the box. */
  readonly limits: readonly number[];
  /** For each of them the share of all images, in [0, 1], that are right at every point of the grid up to it. */
  readonly withstand: readonly number[];
  readonly n: number;
  /** 95 % Wilson intervals of these shares. */
  readonly interval: readonly (readonly [number, number])[];
  /** For shares of the images the largest of `limits` that so many withstand; `null` where too few are right at all. */
  readonly quantiles: readonly { readonly share: number; readonly limit: number | null }[];
}

/** Of how many images something is proved, or bounded with confidence. */
export interface Certified {
  readonly attack: string;
  /** Images. */
  readonly proved: number;
  readonly n: number;
  /** `proved` of `n`, in [0, 1]. */
  readonly share: number;
  /** 95 % Wilson interval of this share, over images. */
  readonly interval: readonly [number, number];
  /** What is known of these images, and what is not. */
  readonly meaning: string;
  /** Inputs that decide an image. Of `bound`: most draws for one. */
  readonly inputs: number;
  /** Images of which passes ran out before anything fooled; they are not among `proved`. */
  readonly undecided?: number;
  /** `shifts` only: for each number of pixels the images that hold under all whole-pixel shifts up to it. */
  readonly radii?: readonly { readonly radius: number; readonly proved: number }[];
}

/** `result.json`. */
export interface EvaluationResult {
  readonly gimbal: string;
  readonly model: { readonly name: string; readonly sha256: string };
  readonly data: { readonly name: string; readonly fingerprint: string };
  readonly n: number;
  /** Images left out because they could not be read. */
  readonly skipped: number;
  readonly attacks: Readonly<Record<string, AttackSummary>>;
  /** What images withstand, by what sizes are measured in; of runs with the attack `tolerance`. */
  readonly tolerance?: Readonly<Partial<Record<Extent, Survival>>>;
  /** What is proved of images, or bounded with confidence; of runs with `proved` or `bounded`. */
  readonly certificates?: Readonly<Partial<Record<Grade, Certified>>>;
  readonly evaluations: {
    /** Forward passes made. */
    readonly made: number;
    /** Forward passes that trying every candidate would have made. */
    readonly exhaustive: number;
    /** Forward passes made, by attack. */
    readonly byAttack: Readonly<Record<string, number>>;
  };
  /** By class, under the attack that leaves the least; absent where none but `natural` ran. */
  readonly classes?: ClassResults;
  readonly warnings: readonly string[];
  /** Wall-clock seconds over all parts of the run: the one thing that two equal runs may differ in. */
  readonly seconds: number;
}
