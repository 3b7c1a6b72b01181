import type { FeedingSearch } from '../../applications/inspect/find-feeding.ts';
import type { Outcome, Worst } from '../../attacks/attack.ts';
import type { RawImage } from '../../data/raw-image.ts';
import type { ImageShape } from '../../image/image.ts';
import type { ModelHints } from '../../model/sidecar.ts';
import type { Box } from '../../sets/box.ts';
import type { Transformation } from '../../transform/transformation.ts';
import type { WarpSettings } from '../../transform/warp.ts';
import type { WasmFiles } from '../onnxruntime.ts';
import type { TransportedError } from '../../workers/messages.ts';

/** A model's files, from wherever they came. */
export interface ModelFiles {
  /** How messages call it: the name of the file. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Text of the sidecar file (`photos.json` beside `photos.onnx`). */
  readonly sidecar?: { readonly name: string; readonly text: string };
  /** Weights that it keeps in files of their own, by the name of the file. */
  readonly beside?: ReadonlyMap<string, Uint8Array>;
}

/** What was found of a model by reading and trying it. */
export interface ModelFacts {
  readonly shape: ImageShape;
  readonly classes: number;
  /** Names of the classes, where the model has them. */
  readonly classNames?: readonly string[];
  /** What is taken for granted about feeding it, a line each. */
  readonly assumptions: readonly string[];
  readonly notes: readonly string[];
  readonly warnings: readonly string[];
}

/** What computes a model's answers. */
export interface Computing {
  readonly on: 'wasm' | 'webgpu';
  /** The GPU, as far as the browser tells. */
  readonly adapter?: string;
  /** By how much its scores of made-up images differ from WebAssembly's at most. */
  readonly apart?: number;
  /** Why it is WebAssembly although there is a GPU. */
  readonly reason?: string;
}

/** The GPU failed, and something else goes on. */
export interface Fallen {
  readonly computing: Computing;
}

/** The image that is asked about. */
export interface Subject {
  /** Raw, in [0, 1], CHW, of the model's shape. */
  readonly pixels: Float32Array;
  readonly label: number;
}

/** Pictures whose classes are known. */
export interface LabelledPictures {
  /** Of the model, for messages. */
  readonly name: string;
  /** Raw, in [0, 1], CHW, of the model's shape. */
  readonly images: readonly Float32Array[];
  readonly labels: readonly number[];
}

/** What a desk can be asked, by name: what it is given, what it tells meanwhile, and what comes of it. */
export interface DeskCalls {
  /** Reads and tries a model; everything else comes after. */
  open: {
    given: { files: ModelFiles; hints?: ModelHints; warp?: WarpSettings; wasm: WasmFiles };
    told: never;
    result: ModelFacts;
  };
  /**
   * Goes over to WebGPU where that works and answers the same; what is asked meanwhile is answered by WebAssembly.
   * `software`: also where the adapter is the processor
   */
  accelerate: { given: { software: boolean }; told: never; result: Computing };
  /** Tries the usual ways of feeding the model on labelled pictures. */
  findFeeding: { given: LabelledPictures; told: never; result: FeedingSearch };
  /** Brings a picture to the model's shape: scaled to its shorter side, the middle cut out. */
  fit: { given: { picture: RawImage; name: string }; told: never; result: Float32Array };
  /** @returns scores of each class: log-probabilities up to a constant */
  classify: {
    given: { pixels: Float32Array; transformation: Transformation };
    told: Fallen;
    result: Float32Array;
  };
  /** The loss over angle and horizontal shift, the coarse picture first. `threads`: workers, if none are started yet */
  map: { given: Subject & { box: Box; threads: number }; told: MapPart | Fallen; result: MapResult };
  /** Runs an attack to its end. */
  search: {
    given: Subject & { attack: string; box: Box; threads: number };
    told: SearchPart | Fallen;
    result: SearchResult;
  };
}

export interface MapPart {
  /** Numbers of points on the map's grid, with the steps that each stands for until finer ones come. */
  readonly points: readonly number[];
  readonly steps: readonly number[];
  readonly outcomes: readonly Outcome[];
}

interface MapResult {
  readonly worst: Transformation;
}

export interface SearchPart {
  /** Inputs tried so far. */
  readonly tried: number;
  /** How many there are at most, where that is known. */
  readonly of?: number;
}

export interface SearchResult {
  readonly attack: string;
  readonly robust: boolean;
  readonly worst: Worst;
  readonly tried: number;
  /** Of those, how many fool, where all were tried. */
  readonly fooling?: number;
  /** Size of the smallest that fools; `null` where none does. */
  readonly breakingPoint?: number | null;
  /** Iterates of a first-order search: tx, ty, angle, loss. */
  readonly path?: readonly (readonly [number, number, number, number])[];
}

export type CallName = keyof DeskCalls;

export type DeskRequest =
  | {
      readonly [K in CallName]: { readonly id: number; readonly call: K; readonly given: DeskCalls[K]['given'] };
    }[CallName]
  /** Stops what the request of this id is at. */
  | { readonly stop: number };

export type DeskReply =
  | { readonly id: number; readonly told: unknown }
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: TransportedError }
  /** It was stopped. */
  | { readonly id: number; readonly stopped: true };
