import { misuse } from '../errors/error.ts';
import { optionWords } from '../errors/option-words.ts';
import type { ArrayHeader } from './array-file.ts';
import type { ByteReader } from './bytes.ts';
import { ELEMENT_BYTES, isFloat, readElements } from './elements.ts';

/** The values that stand for black and for white: pixels in [0, 1] are (value − black) / (white − black). */
export interface ValueRange {
  readonly black: number;
  readonly white: number;
}

/** Tolerance for pixels just outside [0, 1], left by arithmetic in float32; they are clipped. */
export const ROUNDING = 1e-5;

export const BYTES: ValueRange = { black: 0, white: 255 };
export const UNIT: ValueRange = { black: 0, white: 1 };

/** What the values of an array of images turned out to be. */
export interface ValueScan {
  /** Lowest and highest finite value, each with the first image that has it. */
  readonly least: { readonly value: number; readonly image: number };
  readonly most: { readonly value: number; readonly image: number };
  /** The first value of each image that has one which is no finite number. */
  readonly notFinite: ReadonlyMap<number, number>;
}

/**
 * Goes once through the values of an array of images.
 * @param imageBytes bytes of one image
 */
export async function scanValues(
  { type, bigEndian, start }: ArrayHeader,
  bytes: ByteReader,
  imageBytes: number,
  signal?: AbortSignal,
): Promise<ValueScan> {
  const size = ELEMENT_BYTES[type];
  const values = imageBytes / size;
  let least = { value: Infinity, image: 0 };
  let most = { value: -Infinity, image: 0 };
  const notFinite = new Map<number, number>();
  const step = (1 << 20) - ((1 << 20) % size);
  for (let at = start; at < bytes.size; at += step) {
    signal?.throwIfAborted();
    const piece = readElements(await bytes.read(at, Math.min(step, bytes.size - at)), type, bigEndian);
    const first = (at - start) / size;
    for (let i = 0; i < piece.length; i++) {
      const value = piece[i];
      if (value >= least.value && value <= most.value) continue;
      const image = Math.floor((first + i) / values);
      if (!Number.isFinite(value)) {
        if (!notFinite.has(image)) notFinite.set(image, value);
        continue;
      }
      if (value < least.value) least = { value, image };
      if (value > most.value) most = { value, image };
    }
  }
  return { least, most, notFinite };
}

/** Ranges that are in use, with what they are called. */
const USUAL: readonly (ValueRange & { readonly name: string; readonly floats: boolean; readonly integers: boolean })[] =
  [
    { black: 0, white: 1, name: 'masks of 0 and 1', floats: false, integers: true },
    { black: -1, white: 1, name: 'values from -1 to 1', floats: true, integers: false },
    { black: 0, white: 255, name: '8-bit images', floats: true, integers: true },
    { black: -128, white: 127, name: '8-bit images less 128', floats: true, integers: true },
    { black: 0, white: 1023, name: '10-bit images', floats: false, integers: true },
    { black: 0, white: 4095, name: '12-bit images', floats: true, integers: true },
    { black: 0, white: 16383, name: '14-bit images', floats: false, integers: true },
    { black: 0, white: 65535, name: '16-bit images', floats: true, integers: true },
    { black: -32768, white: 32767, name: '16-bit images less 32768', floats: false, integers: true },
  ];

/**
 * The range of an array of images. Where the type and the values do not tell it, it is asked for: a wrong guess would
 * only
 * show as a wrong accuracy.
 * @param given what the option says
 * @throws misuse `pixel-range`
 */
export function rangeOf(
  { name, type }: Pick<ArrayHeader, 'name' | 'type'>,
  { least, most }: ValueScan,
  given?: ValueRange,
): ValueRange {
  if (given !== undefined) {
    const room = ROUNDING * (given.white - given.black);
    const outside = [most, least].find(({ value }) => value > given.white + room || value < given.black - room);
    if (outside === undefined || !Number.isFinite(outside.value)) return given;
    throw misuse({
      code: 'pixel-range',
      subject: name,
      problem:
        `has the value ${outside.value} in image ${outside.image}, outside of ` +
        `${optionWords('pixel-range', `${given.black},${given.white}`)}.`,
      advice: `Its ${type} values go from ${least.value} to ${most.value}.`,
    });
  }
  const [low, high] = [least.value, most.value];
  if (isFloat(type) ? low >= -ROUNDING && high <= 1 + ROUNDING : low >= 0 && high >= 128 && high <= 255)
    return isFloat(type) ? UNIT : BYTES;
  if (low > high) return UNIT; // no finite value at all
  const where = low < 0 && -low > high ? least : most;
  throw misuse({
    code: 'pixel-range',
    subject: name,
    problem:
      `holds ${type} images with values from ${low} to ${high} (image ${where.image}), which do not tell what ` +
      'black and white are.',
    advice: adviceFor(isFloat(type), low, high) + (type === 'int8' && low < 0 ? CAST_BYTES : ''),
  });
}

/** Bytes above 127 that were cast to int8 came out negative; nothing is lost. */
const CAST_BYTES = " If these are bytes that were cast to int8, save array.view('uint8') instead.";

function adviceFor(floats: boolean, low: number, high: number): string {
  const fitting = USUAL.filter(
    ({ black, white, ...kind }) =>
      (floats ? kind.floats : kind.integers) &&
      black <= low &&
      high <= white &&
      // What is normalised by mean and deviation goes little below 0.
      (black < 0 ? low < black / 16 : low >= 0),
  ).slice(0, 3);
  const [mean, std] = [optionWords('mean'), optionWords('std')];
  if (fitting.length === 0)
    return (
      'Save the images with black at 0 and white at 1, before any normalisation ' +
      `(that belongs to ${mean} and ${std}); or give both values with ${optionWords('pixel-range', 'BLACK,WHITE')}.`
    );
  const choices = fitting.map(({ black, white, name }, at) => {
    const values = `${black},${white}`;
    return `${at === 0 ? optionWords('pixel-range', values) : values} for ${name}`;
  });
  const undone =
    floats && low < 0
      ? ` Normalisation by mean and deviation is undone before saving: it belongs to ${mean} and ${std}.`
      : '';
  return `Give both values: ${[...choices, 'others'].join(', or ')}.${undone}`;
}
