import type { GraphBuilder } from '../onnx/builder.ts';
import { type ModelInput, type ProbedDescription, takesBytes } from './description.ts';
import { channelMaps } from './encoder.ts';
import type { Preprocessing } from './preprocessing.ts';

/**
 * The encoder as nodes of a graph: raw images to what the model takes, in float32 (bytes are rounded to, but stay
 * float32).
 * @param raw value [batch, channels, height, width] in [0, 1]
 * @returns value [batch, ...input.dims]
 */
export function writePreprocessing(
  b: GraphBuilder,
  raw: string,
  input: ModelInput,
  preprocessing: Preprocessing,
): string {
  const { channels } = input.shape;
  const maps = channelMaps(channels, preprocessing);
  let x = raw;
  if (preprocessing.bgr) x = b.op('Gather', [x, b.ints(maps.map(({ source }) => source))], { axis: 1 });
  const perChannel = (values: readonly number[]): string => b.constant(values, [1, channels, 1, 1]);
  if (maps.some(({ scale }) => scale !== 1)) x = b.op('Mul', [x, perChannel(maps.map(({ scale }) => scale))]);
  if (maps.some(({ offset }) => offset !== 0)) x = b.op('Add', [x, perChannel(maps.map(({ offset }) => offset))]);
  if (preprocessing.perImageStandardization) x = standardised(b, x, input);
  if (takesBytes(input)) x = b.op('Clip', [b.op('Round', [x]), b.constant(0), b.constant(255)]);
  return inLayout(b, x, input);
}

/** (x − mean) / max(σ, 1/√N) over all values of each image. */
function standardised(b: GraphBuilder, x: string, { shape }: ModelInput): string {
  const mean = (value: string): string => b.op('ReduceMean', [value, b.ints([1, 2, 3])], { keepdims: 1 });
  const centred = b.op('Sub', [x, mean(x)]);
  const deviation = b.op('Sqrt', [mean(b.op('Mul', [centred, centred]))]);
  const least = 1 / Math.sqrt(shape.channels * shape.height * shape.width);
  return b.op('Div', [centred, b.op('Max', [deviation, b.constant(least)])]);
}

function inLayout(b: GraphBuilder, x: string, { layout, shape, dims }: ModelInput): string {
  const { channels, height, width } = shape;
  const planes = layout === 'nhwc' ? b.op('Transpose', [x], { perm: [0, 2, 3, 1] }) : x;
  const own = layout === 'nhwc' ? [height, width, channels] : [channels, height, width];
  return own.join() === dims.join() ? planes : b.op('Reshape', [planes, b.ints([-1, ...dims])]);
}

/** Probabilities below are taken for this one, so that a logarithm stays finite: the least normal float32. */
const LEAST_PROBABILITY = 2 ** -126;

/**
 * What `readScores` does as nodes of a graph: a model's scores to log-probabilities up to a constant for each row.
 * @param scores value with `width` numbers for each image
 * @returns value [batch, width − labelOffset]
 */
export function writeLogits(
  b: GraphBuilder,
  scores: string,
  { kind, width, labelOffset }: ProbedDescription['output'],
): string {
  const matrix = b.op('Reshape', [scores, b.ints([-1, width])]);
  const cut = labelOffset === 0 ? matrix : b.op('Slice', [matrix, b.ints([labelOffset]), b.ints([width]), b.ints([1])]);
  const log = (p: string): string => b.op('Log', [b.op('Max', [p, b.constant(LEAST_PROBABILITY)])]);
  if (kind === 'probabilities') return log(cut);
  if (kind !== 'sigmoid') return cut;
  return b.op('Sub', [log(cut), log(b.op('Sub', [b.constant(1), cut]))]);
}
