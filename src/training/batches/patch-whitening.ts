import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import type { ImageSource } from '../../data/source.ts';
import type { Normalisation } from './channel-statistics.ts';

/** Images that patches are taken from. */
const SAMPLE = 2000;
const CHUNK = 250;
/** Added to a variance before its root, so that what is hardly there is not blown up. */
const EPSILON = 1e-3;
/** ONNX Runtime's layout for convolutions keeps 8 or 16 channels side by side: filters and negatives come in multiples of 16. */
const MULTIPLE = 8;
const MOST = 16;

/**
 * Filters that whiten the patches of standardised images: the eigenvectors of the patches' second moments with the greatest
 * eigenvalues, each divided by √(eigenvalue + 0.001), and then their negatives, so that a ReLU loses nothing.
 * @param size of a patch
 * @returns [filters, channels, size, size], flat
 */
export async function patchWhitening(data: ImageSource, positions: Uint32Array, { mean, std }: Normalisation, size: number): Promise<number[]> {
  const { channels, height, width } = data.shape;
  const length = channels * size * size;
  const moments = Matrix.zeros(length, length);
  const patch = new Float64Array(length);
  const sample = [...positions.subarray(0, SAMPLE)];
  for (let start = 0; start < sample.length; start += CHUNK) {
    for (const { pixels } of await data.read(sample.slice(start, start + CHUNK))) {
      for (let y = 0; y + size <= height; y += size) {
        for (let x = 0; x + size <= width; x += size) {
          for (let i = 0; i < length; i++) {
            const c = Math.floor(i / (size * size));
            const [row, column] = [y + (Math.floor(i / size) % size), x + (i % size)];
            patch[i] = (pixels[(c * height + row) * width + column] - mean[c]) / std[c];
          }
          addOuterProduct(moments, patch);
        }
      }
    }
  }
  moments.div(sample.length * Math.floor(height / size) * Math.floor(width / size));
  // Eigenvalues rise.
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(moments, { assumeSymmetric: true });
  const count = Math.min(MOST, Math.max(1, Math.floor(length / MULTIPLE)) * MULTIPLE, length);
  const filters = Array.from({ length: count }, (_, i) => {
    const column = length - 1 - i;
    const scale = 1 / Math.sqrt(Math.max(0, realEigenvalues[column]) + EPSILON);
    return eigenvectorMatrix.getColumn(column).map((value) => value * scale);
  });
  return [...filters, ...filters.map((filter) => filter.map((value) => -value))].flat();
}

function addOuterProduct(matrix: Matrix, vector: Float64Array): void {
  for (let i = 0; i < vector.length; i++) {
    for (let j = 0; j < vector.length; j++) matrix.set(i, j, matrix.get(i, j) + vector[i] * vector[j]);
  }
}
