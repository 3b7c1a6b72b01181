/** Where an evaluation stands, after each round of forward passes. */
export interface ProgressEvent {
  /** Images finished and kept, those of earlier parts of the run included. */
  readonly done: number;
  readonly total: number;
  /** Images that earlier parts of the run had finished. */
  readonly doneBefore: number;
  /** Forward passes made in this part of the run. */
  readonly evaluations: number;
  /**
   * Forward passes that are still to be made, as far as can be told: images under way are taken to withstand what is
   * left, those to come to cost what the others do. Absent until an attack of each kind has ended on some image.
   */
  readonly remaining?: number;
  /** Accuracy so far by name of the attack, in [0, 1], over all finished images. */
  readonly accuracy: Readonly<Record<string, number>>;
  /** Wall-clock seconds of this part of the run. */
  readonly elapsedSeconds: number;
}

/** Hears how far an evaluation is. */
export type ProgressListener = (event: ProgressEvent) => void;
