/** The loss over angle and shift, as figures show it: data alone, of which the library's types tell. */
export interface LossLandscape {
  /** The image. */
  readonly name: string;
  /** In degrees, rising and evenly spaced. */
  readonly angles: readonly number[];
  /** In pixels, rising and evenly spaced. */
  readonly tx: readonly number[];
  /** Cross-entropy, [tx, angle] row by row. */
  readonly loss: ArrayLike<number>;
  /** Whether the image is classified right there (1) or not (0), [tx, angle]; of several images the share that is. */
  readonly correct: ArrayLike<number>;
  /** Where a first-order attack went, from its start on. */
  readonly path?: readonly { readonly angle: number; readonly tx: number }[];
  /** The worst of the points. */
  readonly gridWorst?: { readonly angle: number; readonly tx: number };
}

/** The loss of one image, or the mean of several, by one classifier. */
export interface ClassifierLandscape extends Omit<LossLandscape, 'name'> {
  readonly classifier: string;
}
