import { imageSize, type ImageShape } from '../image/image.ts';
import type { ModelInput } from './description.ts';
import { rawShape, type Preprocessing } from './preprocessing.ts';

/**
 * Brings one raw image (after its transformation) into the values that the model takes, in the model's layout, and
 * gradients by these values back to the raw image. Values are real numbers here; turning them into bytes or float16 comes after.
 */
export interface Encoder {
  /** Shape of raw images. */
  readonly shape: ImageShape;
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

/** Weights of red, green and blue in luma (ITU-R BT.601), as image libraries convert to grey. */
const LUMA = [0.299, 0.587, 0.114];

/** Where one channel of the model comes from: a weighted sum of raw channels, then scale · x + offset. */
interface ChannelMap {
  readonly sources: readonly { readonly channel: number; readonly weight: number }[];
  readonly scale: number;
  readonly offset: number;
}

export function createEncoder(input: ModelInput, preprocessing: Preprocessing): Encoder {
  const shape = rawShape(input, preprocessing);
  const { channels, height, width } = input.shape;
  const plane = height * width;
  const size = imageSize(input.shape);
  const isNchw = input.layout === 'nchw' || channels === 1;
  const step = isNchw ? 1 : channels;
  const start = (c: number): number => (isNchw ? c * plane : c);
  const maps = channelMaps(channels, preprocessing);
  const { perImageStandardization } = preprocessing;
  const isCopy = maps.every((m) => m.sources.length === 1 && m.scale === 1 && m.offset === 0);

  function encode(source: Float32Array, target: Float32Array): void {
    if (source === target && isCopy && !perImageStandardization) return;
    maps.forEach((map, c) => encodeChannel(map, source, plane, target, start(c), step));
    if (perImageStandardization) standardize(target);
  }

  function backward(source: Float32Array, gradient: Float32Array, target: Float32Array): void {
    const byEncoded = perImageStandardization ? standardizeBackward(encodedBeforeStandardizing(source), gradient) : gradient;
    target.fill(0);
    maps.forEach((map, c) => {
      for (const { channel, weight } of map.sources) {
        const factor = weight * map.scale;
        for (let p = 0, i = start(c), o = channel * plane; p < plane; p++, i += step, o++) target[o] += factor * byEncoded[i];
      }
    });
  }

  function encodedBeforeStandardizing(source: Float32Array): Float32Array {
    const encoded = new Float32Array(size);
    maps.forEach((map, c) => encodeChannel(map, source, plane, encoded, start(c), step));
    return encoded;
  }

  const isOneToOne = maps.every((m, c) => m.sources.length === 1 && m.sources[0].channel === c);
  return { shape, size, inPlace: isNchw && isOneToOne, encode, backward };
}

function channelMaps(channels: number, p: Preprocessing): ChannelMap[] {
  const [factor, shift] = { '0,1': [1, 0], '0,255': [255, 0], '-1,1': [2, -1] }[p.scale];
  return Array.from({ length: channels }, (_, c) => {
    const mean = p.mean[p.mean.length === 1 ? 0 : c];
    const std = p.std[p.std.length === 1 ? 0 : c];
    const sources = p.channels === 'rgb-to-grey' ? LUMA.map((weight, channel) => ({ channel, weight }))
      : [{ channel: p.channels === 'grey-to-rgb' ? 0 : p.bgr ? 2 - c : c, weight: 1 }];
    return { sources, scale: factor / std, offset: (shift - mean) / std };
  });
}

function encodeChannel(map: ChannelMap, source: Float32Array, plane: number, target: Float32Array, start: number, step: number): void {
  const { sources, scale, offset } = map;
  if (sources.length === 1) {
    for (let p = 0, i = sources[0].channel * plane, o = start; p < plane; p++, i++, o += step) target[o] = scale * source[i] + offset;
    return;
  }
  const [r, g, b] = sources;
  for (let p = 0, o = start; p < plane; p++, o += step) {
    const sum = r.weight * source[r.channel * plane + p] + g.weight * source[g.channel * plane + p] + b.weight * source[b.channel * plane + p];
    target[o] = scale * sum + offset;
  }
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
