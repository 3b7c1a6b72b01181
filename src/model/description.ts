import type { ImageShape } from '../image/image.ts';

/** Order of the pixel values in the model's input: channel by channel, or pixel by pixel. Holds for flat inputs too. */
export const LAYOUTS = ['nchw', 'nhwc'] as const;
/** One of `LAYOUTS`: the order of pixel values. */
export type Layout = (typeof LAYOUTS)[number];

/** Element types that images can be handed to a model in. */
export const INPUT_TYPES = ['float32', 'float16', 'float64', 'uint8', 'int32', 'int64'] as const;
/** One of `INPUT_TYPES`: the element type of a model's input. */
export type InputType = (typeof INPUT_TYPES)[number];

/** Whole numbers from 0 to 255: bytes, whatever holds them. */
export function takesBytes({ type }: { readonly type: InputType }): boolean {
  return type === 'uint8' || type === 'int32' || type === 'int64';
}

/** What the rows of a model's output are. A sigmoid's rows need not sum to 1. */
export type OutputKind = 'logits' | 'probabilities' | 'log-probabilities' | 'sigmoid';

/** Height and width, and the channels where a model leaves even these open. */
interface SizeOverride {
  readonly channels?: number;
  readonly height: number;
  readonly width: number;
}

/** What a user says about a model where the file leaves it open, or against what the file says. */
export interface ModelOverrides {
  /** `--layout`; `flat` is a flat input in the order of nchw. */
  readonly layout?: Layout | 'flat';
  /** `--size` */
  readonly size?: SizeOverride;
  /** `--output` */
  readonly output?: string;
  /** `--label-offset`: model classes before the one that label 0 names. */
  readonly labelOffset?: number;
}

/** How a model takes images. */
export interface ModelInput {
  readonly name: string;
  readonly type: InputType;
  readonly layout: Layout;
  /** Shape of the images that the model itself takes, before any channel conversion of ours. */
  readonly shape: ImageShape;
  /** Dimensions after the batch's: `[3, 32, 32]`, `[32, 32, 3]`, `[28, 28]`, `[784]`, `[1, 784]`, … */
  readonly dims: readonly number[];
  /** The input takes one image and has no dimension for a batch. */
  readonly unbatched?: true;
  /** Images in a batch: any number, or just this one. */
  readonly batch: number | 'free';
}

/** What a model says of an image. */
export interface ModelOutput {
  readonly name: string;
  readonly kind: OutputKind;
  /** Values per image; undefined while the file leaves it open (a run tells it). */
  readonly width: number | undefined;
  readonly labelOffset: number;
}

/** How a classifier is fed and read. */
export interface ModelDescription {
  readonly input: ModelInput;
  readonly output: ModelOutput;
}

/** A description whose output width is known, be it from the file or from a run. */
export interface ProbedDescription {
  readonly input: ModelInput;
  readonly output: ModelOutput & { readonly width: number };
}
