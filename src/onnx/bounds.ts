import { misuse, type GimbalError } from '../errors/error.ts';
import { formatCount } from '../notation/numbers.ts';

/*
 * Bounds that no classifier comes near. A file beyond them is damaged or hostile: it is refused before anything is
 * computed or reserved that grows with the numbers that it names.
 */

/** Axes of a tensor; NumPy has as many. */
export const MOST_AXES = 64;

/** Length of an axis, and every count along one: kernels, strides, pads. */
export const LONGEST_AXIS = 2 ** 31 - 1;

/** Elements of one value: 8 GiB of float32. */
const MOST_ELEMENTS = 2 ** 31;

/** Of a value that a node makes of one image: 2 GiB of float32. */
export const MOST_OF_AN_IMAGE = 2 ** 29;

/**
 * Of a value that a node makes of constants alone, which ONNX Runtime computes as it loads the file. As many as it is
 * made of it may have at any rate: a large weight that is only transposed.
 */
export const MOST_OF_CONSTANTS = 2 ** 26;

/** Letters of a formula for a dimension; a longer one counts as unknown. */
export const LONGEST_FORMULA = 1000;

/** @throws misuse `damaged-graph` for what are no dimensions of a tensor */
export function checkDimensions(dims: readonly (number | string | null)[], subject: string): void {
  const problem = faultOfDimensions(dims);
  if (problem !== undefined) throw damaged(subject, problem);
}

/** What is wrong with dimensions that a file states; undefined where nothing is. */
export function faultOfDimensions(dims: readonly (number | string | null)[], most = MOST_ELEMENTS): string | undefined {
  if (dims.length > MOST_AXES) return `it has ${dims.length} axes or more; a tensor has at most ${MOST_AXES}.`;
  const wrong = dims.find((dim) => typeof dim === 'number' && !(dim >= 0 && dim <= LONGEST_AXIS));
  if (wrong !== undefined && wrong !== null)
    return `it has an axis of length ${wrong}; lengths go from 0 to ${LONGEST_AXIS}.`;
  const count = dims.reduce<number>((product, dim) => (typeof dim === 'number' ? product * dim : product), 1);
  if (count > most)
    return `it has ${formatCount(count)} elements or more; ${formatCount(most)} are the ` + 'most that is supported.';
  return undefined;
}

/** The refusal of a part of a model that cannot be meant. */
export function damaged(subject: string, problem: string): GimbalError {
  return misuse({
    code: 'damaged-graph',
    subject,
    problem,
    advice: 'The file is damaged: export or download the model again.',
  });
}
