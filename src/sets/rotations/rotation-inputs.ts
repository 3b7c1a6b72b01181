import { misuse } from '../../errors/error.ts';
import { optionWords } from '../../errors/option-words.ts';
import type { ImageShape } from '../../image/image.ts';
import type { Sources } from '../../transform/gather.ts';
import { pixelsOutside } from '../../transform/mask.ts';
import { locate } from '../../transform/resample.ts';
import type { Mask, Padding } from '../../transform/transformation.ts';
import { anglesAt, compareAngles, type ExactAngle } from './exact-angle.ts';

/** What an image is turned within. */
export interface RotationRange {
  /** Largest rotation either way, in degrees, in [0, 180]. */
  readonly angle: number;
  /** A whole-pixel shift after the rotation. */
  readonly shift?: { readonly tx: number; readonly ty: number };
  readonly padding: Padding;
  readonly mask?: Mask;
}

/**
 * All that nearest sampling makes of an image under every real angle of a range: a finite list. Neighbours in it
 * differ; the same image may come again at another angle.
 */
export interface RotationInputs {
  readonly length: number;
  /** Angles of the range at which the image changes. */
  readonly criticalAngles: number;
  /** An angle that shows it, in degrees: the middle of an interval, or a critical angle up to rounding. */
  angle(input: number): number;
  /** Whether it is shown at a critical angle alone. */
  isTie(input: number): boolean;
  sources(input: number): Sources;
  /** The input that an angle shows, in degrees, found by comparing floating-point numbers. */
  inputAt(angle: number): number;
}

/** Crossings beyond which no one means to run all inputs: of these there are four for ten crossings. */
const MOST_CROSSINGS = 1_000_000;

/** Angles that are in the range up to rounding are taken in: more may be tried than was asked for, never less. */
const SLACK = 1e-9;

/** A point's coordinate that meets the border of a pixel. */
interface Crossing {
  readonly at: ExactAngle;
  readonly pixel: number;
  readonly axis: 0 | 1;
}

/**
 * Lists the inputs. Between two neighbouring critical angles no pixel changes its source; at a critical angle those
 * that cross show the pixel beyond, of the larger coordinate, since ⌊x + ½⌋ rounds halves up. Which pixel is shown
 * follows from the order of the crossings alone, in whole numbers; no angle is rounded on the way.
 *
 * @throws misuse `too-many-rotations`
 */
export function rotationInputs(shape: Pick<ImageShape, 'height' | 'width'>, range: RotationRange): RotationInputs {
  const { height, width } = shape;
  const pixels = height * width;
  const limit = (range.angle * Math.PI) / 180;
  const hidden = new Set(range.mask === 'circle' ? pixelsOutside(shape) : []);
  const crossings = findCrossings(shape, range, hidden);
  // Columns, then rows, of the source; as far outside of it as they lie.
  const places = [new Int32Array(pixels), new Int32Array(pixels)];
  const sides = [width, height];
  const upper = (k: number, axis: 0 | 1): number => (k + sides[axis]) / 2;
  for (let pixel = 0; pixel < pixels; pixel++) {
    const [u, v] = centred(pixel, shape, range);
    // Of whole-pixel shifts alone, which is what an angle of 0 shows.
    places[0][pixel] = Math.floor(upper(u, 0));
    places[1][pixel] = Math.floor(upper(v, 1));
  }
  // Before its first crossing a coordinate lies on the side that it comes from.
  for (const { at, pixel, axis } of crossings.toReversed())
    places[axis][pixel] = at.sign === 1 ? upper(at.k, axis) : upper(at.k, axis) - 1;

  const shown = new Int32Array(pixels);
  const sourceOf = (pixel: number): number => {
    if (hidden.has(pixel)) return -1;
    const column = locate(places[0][pixel], width, range.padding);
    const row = locate(places[1][pixel], height, range.padding);
    return column < 0 || row < 0 ? -1 : row * width + column;
  };
  const starts: Change[] = [];
  for (let pixel = 0; pixel < pixels; pixel++)
    starts.push({ code: 0, pixel, source: (shown[pixel] = sourceOf(pixel)) });
  const changes = starts;
  const codes = [0];
  const radians: number[] = [];
  const settle = (code: number, touched: readonly Crossing[]): void => {
    for (const { pixel } of touched) {
      const source = sourceOf(pixel);
      if (source === shown[pixel]) continue;
      shown[pixel] = source;
      changes.push({ code, pixel, source });
      if (codes[codes.length - 1] !== code) codes.push(code);
    }
  };
  for (let from = 0, to = 0; from < crossings.length; from = to) {
    while (to < crossings.length && compareAngles(crossings[from].at, crossings[to].at) === 0) to++;
    const together = crossings.slice(from, to);
    // Halves round up: what rises is over the border at once, what falls only behind it.
    for (const { at, pixel, axis } of together) if (at.sign !== 1) places[axis][pixel] = upper(at.k, axis);
    settle(2 * radians.length + 1, together);
    for (const { at, pixel, axis } of together) if (at.sign !== -1) places[axis][pixel] = upper(at.k, axis) - 1;
    settle(2 * radians.length + 2, together);
    radians.push(crossings[from].at.radians);
  }
  const table = byPixel(changes, pixels);
  /** The angle below which interval `i` ends, and above which it begins. */
  const border = (i: number): number => (i < 0 ? -limit : i >= radians.length ? limit : radians[i]);
  /** How far an input reaches: up to where the next one begins. */
  const next = (input: number): number => codes[input + 1] ?? 2 * radians.length + 1;
  const isTie = (input: number): boolean => codes[input] % 2 === 1 && next(input) === codes[input] + 1;
  return {
    length: codes.length,
    criticalAngles: new Set(codes.slice(1).map((code) => Math.floor((code - 1) / 2))).size,
    isTie,
    angle(input) {
      const first = Math.floor((codes[input] - 1) / 2);
      if (isTie(input)) return (radians[first] * 180) / Math.PI;
      return (((border(first) + border(Math.floor((next(input) - 1) / 2))) / 2) * 180) / Math.PI + 0;
    },
    sources: (input) => table(codes[input]),
    inputAt(angle) {
      const turned = (angle * Math.PI) / 180;
      const below = upperBound(radians, turned);
      const code = below > 0 && radians[below - 1] === turned ? 2 * below - 1 : 2 * below;
      return upperBound(codes, code) - 1;
    },
  };
}

/** In half pixels from the centre, before the rotation. */
function centred(
  pixel: number,
  { height, width }: Pick<ImageShape, 'height' | 'width'>,
  { shift: { tx, ty } = { tx: 0, ty: 0 } }: RotationRange,
): readonly [u: number, v: number] {
  return [2 * ((pixel % width) - tx) - (width - 1), 2 * (Math.floor(pixel / width) - ty) - (height - 1)];
}

/** All crossings in the range that may matter, by angle. */
function findCrossings(
  shape: Pick<ImageShape, 'height' | 'width'>,
  range: RotationRange,
  hidden: ReadonlySet<number>,
): Crossing[] {
  const { height, width } = shape;
  const limit = (range.angle * Math.PI) / 180 + SLACK;
  const crossings: Crossing[] = [];
  for (let pixel = 0; pixel < height * width; pixel++) {
    if (hidden.has(pixel)) continue;
    const [u, v] = centred(pixel, shape, range);
    // y(θ) = U sinθ + V cosθ is x(θ) of the point (V, −U).
    for (const [axis, a, b, side] of [
      [0, u, v, width],
      [1, v, -u, height],
    ] as const) {
      const reach = Math.floor(Math.sqrt(a * a + b * b)) + 1;
      // All places outside of an image with black around it show the same.
      const farthest = range.padding === 'zeros' ? Math.min(reach, side) : reach;
      // Borders lie at numbers of the parity of the side.
      const first = -farthest + Math.abs((farthest - side) % 2);
      for (let k = first; k <= farthest; k += 2)
        for (const at of anglesAt(a, b, k)) {
          // Where it turns back from a border that it comes to from above, halves round to where it is.
          if (Math.abs(at.radians) > limit || (at.sign === 0 && k <= 0)) continue;
          crossings.push({ at, pixel, axis });
        }
    }
    if (crossings.length > MOST_CROSSINGS) throw tooMany(shape, range);
  }
  return crossings.sort((one, other) => compareAngles(one.at, other.at));
}

interface Change {
  /** From where on: 2i for the open interval behind i critical angles, 2i + 1 for the critical angle behind it. */
  readonly code: number;
  readonly pixel: number;
  readonly source: number;
}

/** Changes, pixel by pixel in flat arrays; what is asked for is found by halving. @returns sources at a code */
function byPixel(changes: readonly Change[], pixels: number): (code: number) => Sources {
  const starts = new Int32Array(pixels + 1);
  for (const { pixel } of changes) starts[pixel + 1]++;
  for (let pixel = 0; pixel < pixels; pixel++) starts[pixel + 1] += starts[pixel];
  const [codes, sources] = [new Int32Array(changes.length), new Int32Array(changes.length)];
  const next = starts.slice();
  for (const { code, pixel, source } of changes) {
    codes[next[pixel]] = code;
    sources[next[pixel]++] = source;
  }
  return (code) => {
    const result = new Int32Array(pixels);
    for (let pixel = 0; pixel < pixels; pixel++) {
      let [low, high] = [starts[pixel], starts[pixel + 1]];
      while (high - low > 1) {
        const middle = (low + high) >> 1;
        if (codes[middle] <= code) low = middle;
        else high = middle;
      }
      result[pixel] = sources[low];
    }
    return result;
  };
}

/** Number of entries that are at most `value`, of rising ones. */
function upperBound(rising: readonly number[], value: number): number {
  let [low, high] = [0, rising.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rising[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function tooMany({ height, width }: Pick<ImageShape, 'height' | 'width'>, { angle }: RotationRange): Error {
  return misuse({
    code: 'too-many-rotations',
    subject: 'every rotation',
    problem:
      `under nearest sampling images of ${width} by ${height} px have several hundred thousand different rotations ` +
      `of up to ${angle}°, each of which would be run.`,
    advice:
      `Choose a smaller ${optionWords('rotation')} or ${optionWords('size')}, or ask for shifts and bounds ` +
      `alone: ${optionWords('grades', 'shifts,bound')}.`,
  });
}
