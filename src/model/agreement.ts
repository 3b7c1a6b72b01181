/** How far the rows of two forms of one model may lie apart, as a part of a row's size: rounding, also in float16. */
const AGREEMENT = 1e-3;

/**
 * Whether two forms of one model give the same rows up to rounding.
 *
 * @param expected, given [images, width]
 * @param sizeOf what a row's differences are measured by: of many classes even the largest probability may be small
 */
export function rowsAgree(
  expected: Float64Array,
  given: Float64Array,
  width: number,
  sizeOf: (row: Float64Array) => number,
): boolean {
  return Array.from({ length: expected.length / width }, (_, row) => row * width).every((start) => {
    const row = expected.subarray(start, start + width);
    const tolerance = AGREEMENT * sizeOf(row);
    return row.every((value, i) => Math.abs(value - given[start + i]) <= tolerance);
  });
}
