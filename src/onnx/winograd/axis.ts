import { fittingFilter, type MinimalFilter } from './minimal-filter.ts';

/** One spatial axis of a convolution by 3 at stride 1, in tiles of a minimal filter. */
export interface TiledAxis {
  readonly input: number;
  readonly output: number;
  /** Zeros before the input. */
  readonly padding: number;
  readonly filter: MinimalFilter;
  readonly tiles: number;
  /** Products of all tiles: `filter.products` × `tiles`, in this order. */
  readonly products: number;
}

export function tiledAxis(input: number, output: number, padding: number): TiledAxis {
  const filter = fittingFilter(output);
  const tiles = Math.ceil(output / filter.outputs);
  return { input, output, padding, filter, tiles, products: filter.products * tiles };
}

/** Bᵀ of all tiles, [products, input]: padding is a column left out. */
export function dataMatrix({ input, padding, filter, tiles, products }: TiledAxis): Float32Array {
  const matrix = new Float32Array(products * input);
  filter.ofData.forEach((row, j) => {
    for (let tile = 0; tile < tiles; tile++) {
      row.forEach((value, i) => {
        const place = tile * filter.outputs + i - padding;
        if (place >= 0 && place < input) matrix[(j * tiles + tile) * input + place] = value;
      });
    }
  });
  return matrix;
}

/** Aᵀ of all tiles, [output, products]: what the last tile has too much is left out. */
export function productMatrix({ output, filter, tiles, products }: TiledAxis): Float32Array {
  const matrix = new Float32Array(output * products);
  for (let y = 0; y < output; y++) {
    const tile = Math.floor(y / filter.outputs);
    filter.ofProducts[y % filter.outputs].forEach((value, j) => {
      matrix[y * products + j * tiles + tile] = value;
    });
  }
  return matrix;
}
