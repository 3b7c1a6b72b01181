import type { Grid } from '../../sets/grid.ts';
import type { Transformation } from '../../transform/transformation.ts';
import type { MapPart } from '../../web/desk/messages.ts';

/** The loss over angle and shift to the right, as far as it is measured: points stand for their surroundings. */
export class LossMap {
  readonly grid: Grid;
  readonly label: number;
  /** Cross-entropy, [tx, angle]; NaN where nothing is known yet. */
  readonly loss: Float32Array;
  /** 1 where the image is classified right, 0 where not, [tx, angle]. */
  readonly correct: Uint8Array;
  /** Points that were measured themselves. */
  measured = 0;
  /** Of those, how many fool. */
  fooling = 0;
  /** The worst point, once all are measured. */
  worst: Transformation | undefined;

  constructor(grid: Grid, label: number) {
    this.grid = grid;
    this.label = label;
    this.loss = new Float32Array(grid.length).fill(NaN);
    this.correct = new Uint8Array(grid.length);
  }

  get isWhole(): boolean {
    return this.measured === this.grid.length;
  }

  take({ points, steps, outcomes }: MapPart): void {
    points.forEach((point, i) => {
      const { loss, predicted } = outcomes[i];
      const right = predicted === this.label;
      this.measured++;
      if (!right) this.fooling++;
      this.#spread(point, steps[i], loss, right ? 1 : 0);
    });
  }

  /** Coarse points come first, so whatever a finer one covers is better known from then on. */
  #spread(point: number, steps: number, loss: number, correct: number): void {
    const columns = this.grid.size.angle;
    const rows = this.grid.size.tx;
    const half = steps >> 1;
    const [row, column] = [Math.floor(point / columns), point % columns];
    for (let r = Math.max(0, row - half); r <= Math.min(rows - 1, row + half); r++)
      for (let c = Math.max(0, column - half); c <= Math.min(columns - 1, column + half); c++) {
        this.loss[r * columns + c] = loss;
        this.correct[r * columns + c] = correct;
      }
  }
}
