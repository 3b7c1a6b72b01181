import { imageSize } from '../image/image.ts';
import type { ModelInput } from './description.ts';
import type { Preprocessing } from './preprocessing.ts';

/**
 * Brings one raw image (after its transformation) into the values that the model takes, in the model's layout, and
 * gradients by these values back to the raw image. Values are real numbers here; turning them into bytes or float16
 * comes after.
 */
export interface Encoder {
  /** Values of one image in the model's input. */
  readonly size: number;
  /** Whether `encode` may be given the same array as source and target. */
  readonly inPlace: boolean;
  /**
   * @param source raw image, CHW, [0, 1]
   * @param target `size` values in the model's layout
   */
  encode(source: Float32Array, target: Float32Array): void;
  /**
   * The chain rule through `encode`, at `source`.
   * @param gradient by the model's input, `size` values in its layout
   * @param target gradient by the raw image, CHW, overwritten
   */
  backward(source: Float32Array, gradient: Float32Array, target: Float32Array): void;
}

/** Where one channel of the model comes from: scale · x + offset of a raw channel. */
export interface ChannelMap {
  readonly source: number;
  readonly scale: number;
  readonly offset: number;
}

export function createEncoder(input: ModelInput, preprocessing: Preprocessing): Encoder {
  const { channels, height, width } = input.shape;
  const plane = height * width;
  const size = imageSize(input.shape);
  const isNchw = input.layout === 'nchw' || channels === 1;
  const step = isNchw ? 1 : channels;
  const start = (c: number): number => (isNchw ? c * plane : c);
  const maps = channelMaps(channels, preprocessing);
  const { perImageStandardization } = preprocessing;
  const isCopy = maps.every((m) => m.scale === 1 && m.offset === 0);

  function encode(source: Float32Array, target: Float32Array): void {
    if (source === target && isCopy && !perImageStandardization) return;
    maps.forEach((map, c) => encodeChannel(map, source, plane, target, start(c), step));
    if (perImageStandardization) standardize(target);
  }

  function backward(source: Float32Array, gradient: Float32Array, target: Float32Array): void {
    const byEncoded = perImageStandardization
      ? standardizeBackward(encodedBeforeStandardizing(source), gradient)
      : gradient;
    maps.forEach(({ source: channel, scale }, c) => {
      for (let p = 0, i = start(c), o = channel * plane; p < plane; p++, i += step, o++)
        target[o] = scale * byEncoded[i];
    });
  }

  function encodedBeforeStandardizing(source: Float32Array): Float32Array {
    const encoded = new Float32Array(size);
    maps.forEach((map, c) => encodeChannel(map, source, plane, encoded, start(c), step));
    return encoded;
  }

  return { size, inPlace: isNchw && !preprocessing.bgr, encode, backward };
}

export function channelMaps(channels: number, p: Preprocessing): ChannelMap[] {
  const [factor, shift] = { '0,1': [1, 0], '0,255': [255, 0], '-1,1': [2, -1] }[p.scale];
  return Array.from({ length: channels }, (_, c) => {
    const mean = p.mean[p.mean.length === 1 ? 0 : c];
    const std = p.std[p.std.length === 1 ? 0 : c];
    return { source: p.bgr ? channels - 1 - c : c, scale: factor / std, offset: (shift - mean) / std };
  });
}

function encodeChannel(
  { source: channel, scale, offset }: ChannelMap,
  source: Float32Array,
  plane: number,
  target: Float32Array,
  start: number,
  step: number,
): void {
  for (let p = 0, i = channel * plane, o = start; p < plane; p++, i++, o += step)
    target[o] = scale * source[i] + offset;
}

/** Mean, and the deviation that is divided by: max(σ, 1/√N), with the population's σ in two passes. */
function statistics(values: Float32Array): { mean: number; deviation: number; isBounded: boolean } {
  const n = values.length;
  let sum = 0;
  for (let i = 0; i < n; i++) sum += values[i];
  const mean = sum / n;
  let squares = 0;
  for (let i = 0; i < n; i++) squares += (values[i] - mean) ** 2;
  const sigma = Math.sqrt(squares / n);
  const least = 1 / Math.sqrt(n);
  return { mean, deviation: Math.max(sigma, least), isBounded: sigma <= least };
}

function standardize(values: Float32Array): void {
  const { mean, deviation } = statistics(values);
  for (let i = 0; i < values.length; i++) values[i] = (values[i] - mean) / deviation;
}

/**
 * With y = (x − μ)/σ: ∂L/∂x = (g − mean(g) − y · mean(g·y)) / σ. Where σ is held at 1/√N, the last term falls away.
 */
function standardizeBackward(values: Float32Array, gradient: Float32Array): Float32Array {
  const n = values.length;
  const { mean, deviation, isBounded } = statistics(values);
  let sum = 0;
  let products = 0;
  for (let i = 0; i < n; i++) {
    sum += gradient[i];
    products += (gradient[i] * (values[i] - mean)) / deviation;
  }
  const slope = isBounded ? 0 : products / n;
  return gradient.map((g, i) => (g - sum / n - (slope * (values[i] - mean)) / deviation) / deviation);
}
