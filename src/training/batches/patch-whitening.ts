import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import type { ImageSource } from '../../data/source.ts';
import type { ImageShape } from '../../image/image.ts';
import type { Normalisation } from './channel-statistics.ts';
import { spacedImages } from './sample.ts';

/** Images that patches are taken from. */
const SAMPLE = 2000;
/** Added to a variance before its root, so that what is hardly there is not blown up. */
const EPSILON = 1e-3;
/**
 * ONNX Runtime's layout for convolutions keeps 8 or 16 channels side by side: filters and negatives come in multiples
 * of 16.
 */
const MULTIPLE = 8;
const MOST = 16;

/**
 * Filters that whiten the patches of standardised images: the eigenvectors of the patches' second moments with the
 * greatest eigenvalues, each divided by √(eigenvalue + 0.001), and then their negatives, so that a ReLU loses nothing.
 * @param size of a patch, at least 3
 * @returns [filters, channels, size, size], flat
 */
export async function patchWhitening(
  data: ImageSource,
  positions: Uint32Array,
  normalisation: Normalisation,
  size: number,
): Promise<number[]> {
  const length = data.shape.channels * size * size;
  const sums = new Float64Array(length * length);
  let count = 0;
  for await (const { pixels } of spacedImages(data, positions, SAMPLE)) {
    for (const patch of patches(pixels, data.shape, normalisation, size)) {
      addOuterProduct(sums, patch);
      count++;
    }
  }
  const moments = Matrix.from1DArray(
    length,
    length,
    sums.map((sum) => sum / count),
  );
  // Eigenvalues rise.
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(moments, { assumeSymmetric: true });
  const kept = Math.min(MOST, Math.floor(length / MULTIPLE) * MULTIPLE);
  const filters = Array.from({ length: kept }, (_, i) => {
    const column = length - 1 - i;
    const scale = 1 / Math.sqrt(Math.max(0, realEigenvalues[column]) + EPSILON);
    return eigenvectorMatrix.getColumn(column).map((value) => value * scale);
  });
  return [...filters, ...filters.map((filter) => filter.map((value) => -value))].flat();
}

/**
 * The standardised patches of an image side by side, each [channels, size, size]; the array is used anew for every one.
 */
function* patches(
  pixels: Float32Array,
  { channels, height, width }: ImageShape,
  { mean, std }: Normalisation,
  size: number,
): Generator<Float64Array> {
  const patch = new Float64Array(channels * size * size);
  for (let top = 0; top + size <= height; top += size) {
    for (let left = 0; left + size <= width; left += size) {
      let i = 0;
      for (let c = 0; c < channels; c++) {
        for (let y = top; y < top + size; y++) {
          for (let x = left; x < left + size; x++)
            patch[i++] = (pixels[(c * height + y) * width + x] - mean[c]) / std[c];
        }
      }
      yield patch;
    }
  }
}

/** @param matrix square, flat */
function addOuterProduct(matrix: Float64Array, vector: Float64Array): void {
  const { length } = vector;
  for (let i = 0; i < length; i++) {
    for (let j = 0; j < length; j++) matrix[i * length + j] += vector[i] * vector[j];
  }
}
