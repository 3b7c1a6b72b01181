import type { OpenOptions } from '../data/open-options.ts';
import type { ImageSource } from '../data/source.ts';
import type { FigureDocument } from '../figures/document.ts';
import type { ImageShape } from '../image/image.ts';
import type { Classifier } from '../model/classifier.ts';
import type { PreparedModel } from '../model/prepared-model.ts';
import type { ModelHints } from '../model/sidecar.ts';
import type { ExternalData } from '../onnx/external-data.ts';
import type { Clock } from '../ports/clock.ts';
import type { Files } from '../ports/files.ts';
import type { Folders } from '../ports/folders.ts';
import type { Machine } from '../ports/machine.ts';
import type { PictureSize } from '../report/draw-frames.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { RunStore } from '../training/run/store.ts';
import type { StartOptions } from '../workers/start-classifier.ts';
import type { RunFolders } from './evaluate/run-folder.ts';

/** A model that was read and tried. */
export interface LoadedModel {
  readonly prepared: PreparedModel;
  /** Hex SHA-256 of the file, and of the weights that it keeps in other files. */
  readonly sha256: string;
}

/** ONNX files, and the models that come with the package. */
interface Models {
  /** Names of the trained models that come with the package. */
  shipped(): Promise<readonly string[]>;
  /**
   * The path that a model is read from: the given one, or that of the shipped model of this name.
   * @throws misuse `unknown-model`
   */
  locate(given: string): Promise<string>;
  /**
   * Reads a model's file with the sidecar file beside it, and tries the model.
   * @param hints what the user says about the model; overrides the sidecar, which overrides the model's metadata
   * @param options `keepScores`: a Softmax at its end is not left out, for something that is made of its scores
   * @throws misuse where the file is missing, no image classifier, or leaves something open; the signal's reason
   */
  load(
    path: string,
    hints: ModelHints,
    options: { readonly batch?: number; readonly keepScores?: boolean; readonly signal?: AbortSignal },
  ): Promise<LoadedModel>;
  /**
   * Reads a model's file, and the weights that it keeps in other files of its folder.
   * @param read from the file's bytes, which are not kept: they may be large
   * @throws misuse `model-unreadable`, and what `read` throws
   */
  read<T>(
    path: string,
    read: (bytes: Uint8Array, external: ExternalData) => T,
  ): Promise<{ readonly read: T; readonly sha256: string }>;
  /** What the sidecar file beside a model says; nothing where there is none. @throws misuse `model-hints` */
  hints(path: string): Promise<ModelHints>;
  /** Starts a classifier. Close it when done. */
  start(prepared: PreparedModel, options: StartOptions): Promise<Classifier>;
}

/** Images from wherever they lie, and pictures for reports. */
interface Images {
  /**
   * @param spec name of public data, or a path
   * @throws misuse for anything that cannot be read as images with labels
   */
  open(spec: string, options: OpenOptions): Promise<ImageSource>;
  /** An image as a data URL. @param pixels raw, in [0, 1], CHW @param size default: `full` */
  encode(pixels: Float32Array, shape: ImageShape, size?: PictureSize): Promise<string>;
}

/** What the applications are handed of the platform that they run on: Node, a browser, a test. */
export interface Platform {
  readonly files: Files;
  readonly folders: Folders;
  readonly machine: Machine;
  readonly clock: Clock;
  readonly models: Models;
  readonly images: Images;
  readonly runtime: Runtime;
  /** Folders of evaluations. */
  readonly runs: RunFolders;
  /** Where a training run's folder keeps what it needs to go on. */
  trainingStore(folder: string): RunStore;
  /** An empty document, in which figures are drawn. */
  figures(): FigureDocument;
}
