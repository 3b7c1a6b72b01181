import type { SkippedImage } from '../../data/source.ts';
import type { Journal } from '../../evaluation/journal.ts';
import type { EvaluationResult, ImageRecord } from '../../evaluation/records.ts';
import type { Json } from '../../json/differences.ts';
import type { Input } from '../../ports/folders.ts';
import type { RunConfig } from './run-files.ts';

/** The folder of a run, and the run that is to go into it. */
export interface RunFolderRequest {
  readonly directory: string;
  readonly config: RunConfig;
  /** What the run reads, which is never written over. */
  readonly inputs?: readonly Input[];
  /** The part of a configuration on which results depend; a folder goes on only with the same. */
  readonly identity: (config: RunConfig) => Json;
  /**
   * Which of the images that could not be read when the folder was written are other files by now, where these alone
   * tell its configuration from this one; `undefined` where more does.
   */
  readonly mended?: (earlier: RunConfig, unreadable: readonly SkippedImage[]) => ReadonlySet<number> | undefined;
}

/** The folder of one run: its configuration, what was found so far, and at the end its result and reports. */
export interface RunFolder {
  readonly directory: string;
  readonly journal: Journal;
  /** What its `config.json` says: of a run that goes on, as it was begun. */
  readonly config: RunConfig;
  /** The result, where the run had been finished and no image was mended since. */
  readonly result: EvaluationResult | undefined;
  /** Indices of images that could not be read and are other files by now. */
  readonly mended: ReadonlySet<number>;
  /** Writes `result.json`: from then on the run counts as finished.
   * @param unreadable images that were left out
   */
  finish(result: EvaluationResult, unreadable?: readonly SkippedImage[]): Promise<void>;
  /** Writes `config.json` anew, where what changed has no part in the results. */
  reconfigure(config: RunConfig): Promise<void>;
  has(name: string): Promise<boolean>;
  /** Gives the folder back to other processes. */
  close(): Promise<void>;
}

/** How far a run is that another process may be at work on. */
export interface RunStanding {
  /** Images finished and kept. */
  readonly images: number;
  readonly isFinished: boolean;
  /** Whether a process that is not known to be gone holds the folder. */
  readonly isHeld: boolean;
  /** Since the last change, by this machine's clock. */
  readonly idleSeconds: number;
}

/** The folders of evaluations. */
export interface RunFolders {
  /**
   * Opens the folder of a run: makes it and writes its `config.json` first, or goes on with what is there. A run that
   * ended before its first image leaves nothing to go on with, so another configuration may take its place.
   *
   * @throws misuse `output-not-writable`, `output-is-input`, `folder-in-other-use`, `not-a-run-folder`,
   *   `run-folder-in-use`, `other-configuration` (names the differences), `run-folder-damaged`; failure `disk-full`
   */
  open(request: RunFolderRequest): Promise<RunFolder>;
  /**
   * The records of a run, finished or not, in the order of its images; its folder is left as it is.
   * @throws misuse `run-folder-damaged`
   */
  records(directory: string): AsyncIterable<ImageRecord>;
  /**
   * The losses of a run's records under an attack, one array for each record; none where the run keeps none. The folder
   * is left as it is.
   * @throws misuse `run-folder-damaged`
   */
  losses(directory: string, attack: string): AsyncIterable<Float32Array>;
  /** How far a run is, without reading it: another process may be at work. `undefined` where there is none. */
  standing(directory: string): Promise<RunStanding | undefined>;
}
