import type { Tensor } from 'onnxruntime-common';
import { failure } from '../errors/error.ts';
import { fromFloat16 } from '../float16/float16.ts';
import type { ModelOutput } from './description.ts';

/** Probabilities below are taken for this one, so that a logarithm stays finite: the least normal float32. */
const LEAST_PROBABILITY = 2 ** -126;

/** The numbers in an output tensor of any floating-point type. */
export function valuesOf(tensor: Tensor): Float32Array | Float64Array {
  const { data } = tensor;
  if (data instanceof Float32Array || data instanceof Float64Array) return data;
  const { buffer, byteOffset, length } = data as Uint16Array;
  return Float32Array.from(new Uint16Array(buffer, byteOffset, length), fromFloat16);
}

/**
 * Turns the model's scores into log-probabilities up to a constant for each row, classes before the label offset taken
 * off.
 *
 * Probabilities p give ln p. Independent probabilities p (sigmoid) give ln p − ln(1 − p), the scores before the
 * sigmoid.
 *
 * @param values [at least rows, width]
 * @param rows images whose scores are wanted; a padded batch holds more
 * @returns [rows, classes]
 */
export function readScores(
  values: Float32Array | Float64Array,
  { kind, width, labelOffset }: ModelOutput & { readonly width: number },
  rows: number,
): Float32Array {
  const read = { logits: same, 'log-probabilities': same, probabilities: logarithm, sigmoid: logit }[kind];
  const logits = new Float32Array(rows * (width - labelOffset));
  for (let row = 0, o = 0; row < rows; row++) {
    for (let i = row * width + labelOffset; i < (row + 1) * width; i++, o++) logits[o] = read(values[i]);
  }
  return logits;
}

/**
 * Reads the scores of a run.
 * @param batch rows that the tensor must hold
 * @returns [rows, classes]; NaN and infinities as the model gives them: who knows the image judges them
 * @throws failure where the tensor has another size
 */
export function readLogits(
  tensor: Tensor,
  output: ModelOutput & { readonly width: number },
  rows: number,
  batch: number,
): Float32Array {
  const values = valuesOf(tensor);
  const subject = `model output '${output.name}'`;
  if (values.length !== batch * output.width) {
    throw failure({
      code: 'output-shape',
      subject,
      problem:
        `has the shape [${tensor.dims.join(', ')}] for ${batch} images, ` +
        `but ${output.width} scores were expected for each.`,
      advice: 'Export the model anew with a batch dimension that is free throughout.',
    });
  }
  return readScores(values, output, rows);
}

function same(score: number): number {
  return score;
}

function logarithm(p: number): number {
  return Math.log(p > LEAST_PROBABILITY ? p : p <= LEAST_PROBABILITY ? LEAST_PROBABILITY : NaN);
}

function logit(p: number): number {
  return logarithm(p) - logarithm(1 - p);
}
