import type { Transformation } from '../../transform/transformation.ts';

/**
 * The worst transformation that was found for each image when it last came up. Tried again beside fresh draws, it is
 * meant to let few candidates find what many would, if the worst place moves slowly from epoch to epoch; what it brings
 * is not measured yet.
 *
 * Transformations are kept as of the image that is not mirrored: mirroring the picture turns (tx, ty, angle) into (−tx,
 * ty, −angle).
 */
export class WorstMemory {
  /** tx, ty, angle by position in the data; all 0 where nothing is known yet. */
  readonly #kept: Float32Array;

  /** @param kept [images · 3], changed in place: it belongs to a run's checkpoint */
  constructor(kept: Float32Array) {
    this.#kept = kept;
  }

  recall(position: number, mirrored: boolean): Transformation | undefined {
    const [tx, ty, angle] = this.#kept.subarray(3 * position, 3 * position + 3);
    if (tx === 0 && ty === 0 && angle === 0) return undefined;
    return mirrored ? mirror({ tx, ty, angle }) : { tx, ty, angle };
  }

  keep(position: number, mirrored: boolean, transformation: Transformation): void {
    const { tx, ty, angle } = mirrored ? mirror(transformation) : transformation;
    this.#kept.set([tx, ty, angle], 3 * position);
  }
}

/** 0 − x is never −0, which files would not keep. */
function mirror({ tx, ty, angle }: Transformation): Transformation {
  return { tx: 0 - tx, ty, angle: 0 - angle };
}
