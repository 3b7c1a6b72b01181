/**
 * How a tensor starts: one value throughout; independent normal draws; or those, but that the first filters pass on one
 * input channel each.
 */
export type Initialiser =
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'normal'; readonly std: number }
  | { readonly kind: 'identity'; readonly std: number };

/** A trainable tensor of a network. */
export interface ParameterSpec {
  readonly name: string;
  readonly dims: readonly number[];
  /** Whether weight decay applies: to the weights of convolutions and dense layers, not to biases and norms. */
  readonly decays: boolean;
  /**
   * AdamW: what a rate of 1 moves a value by; absent, 1. For weights that somebody brings it is their own size, as they
   * come in any: from 0.02 to 10 within one file.
   */
  readonly scale?: number;
}

/** A trainable tensor that a run may begin at random. */
export interface InitialisedSpec extends ParameterSpec {
  readonly initialiser: Initialiser;
}

/** A tensor inside a flat vector. */
export interface Slot {
  readonly name: string;
  readonly dims: readonly number[];
  readonly offset: number;
  readonly size: number;
}

/** Where each tensor of a list lies in one flat vector: the form in which parameters are stored, updated and saved. */
export class Layout {
  readonly slots: readonly Slot[];
  /** Length of the flat vector. */
  readonly total: number;

  constructor(tensors: readonly { readonly name: string; readonly dims: readonly number[] }[]) {
    let offset = 0;
    this.slots = tensors.map(({ name, dims }) => {
      const size = dims.reduce((product, d) => product * d, 1);
      const slot = { name, dims, offset, size };
      offset += size;
      return slot;
    });
    this.total = offset;
  }

  /** Views, not copies, of the tensors in `vector`. */
  views(vector: Float32Array): Map<string, Float32Array> {
    if (vector.length !== this.total)
      throw new Error(`internal: a vector of ${vector.length} values for a layout of ${this.total}`);
    return new Map(this.slots.map((slot) => [slot.name, vector.subarray(slot.offset, slot.offset + slot.size)]));
  }
}
