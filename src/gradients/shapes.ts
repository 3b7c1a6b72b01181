import type { Dimension } from '../onnx/graph.ts';
import type { GraphBuilder } from '../onnx/builder.ts';
import type { BackwardStep } from './step.ts';

/** Where nodes are written. */
interface Writer {
  readonly b: GraphBuilder;
}

/** The same, with what is known of shapes. */
interface ShapedWriter extends Writer {
  shape(value: string): readonly Dimension[] | undefined;
}

/** The shape of a value as an int64 vector: a constant where it is known, else read at run time. */
export function shapeOf(s: ShapedWriter, value: string): string {
  const shape = s.shape(value);
  return shape !== undefined && isStatic(shape) ? s.b.ints(shape) : s.b.op('Shape', [value]);
}

/** One dimension of a value as an int64 vector of one element. */
export function dimension(s: ShapedWriter, value: string, axis: number): string {
  const known = s.shape(value)?.[axis];
  return typeof known === 'number' ? s.b.ints([known]) : s.b.op('Shape', [value], { start: axis, end: axis + 1 });
}

/** A shape put together from known numbers and vectors computed at run time. */
export function joinShape(s: Writer, parts: readonly (number | string)[]): string {
  if (parts.every((part) => typeof part === 'number')) return s.b.ints(parts);
  const vectors: string[] = [];
  let run: number[] = [];
  const flush = (): void => {
    if (run.length > 0) vectors.push(s.b.ints(run));
    run = [];
  };
  for (const part of parts) {
    if (typeof part === 'number') run.push(part);
    else {
      flush();
      vectors.push(part);
    }
  }
  flush();
  return vectors.length === 1 ? vectors[0] : s.b.op('Concat', vectors, { axis: 0 });
}

/**
 * Reshapes to the given dimensions. Up to one of them may be unknown and is left to ONNX Runtime (-1);
 * more are read from the value `like`, which has them at the same positions.
 */
export function reshapeTo(s: ShapedWriter, value: string, dims: readonly Dimension[], like?: string): string {
  const unknown = dims.filter((d) => typeof d !== 'number').length;
  if (unknown > 1 && like === undefined)
    throw new Error(`internal: ${unknown} unknown dimensions in a reshape of '${value}'`);
  const shape =
    unknown <= 1
      ? s.b.ints(dims.map((d) => (typeof d === 'number' ? d : -1)))
      : joinShape(
          s,
          dims.map((d, i) => (typeof d === 'number' ? d : dimension(s, like as string, i))),
        );
  return s.b.op('Reshape', [value, shape]);
}

/** An end for Slice that lies behind every axis. */
const LAST = 2 ** 31 - 1;

/**
 * Frames of zeros at some axes of a value of this rank, `before[i]` and `after[i]` at `axes[i]`; negative ones cut off,
 * by Slice where nothing is added: ONNX Runtime's Pad copies on one thread, row by row.
 * All axes are written out: ONNX Runtime (1.30) moves a Pad with the input `axes` past a Transpose with the wrong axes.
 */
export function padAxes(
  s: Writer,
  value: string,
  rank: number,
  axes: readonly number[],
  before: readonly number[],
  after: readonly number[],
): string {
  if ([...before, ...after].every((count) => count === 0)) return value;
  if ([...before, ...after].every((count) => count <= 0)) {
    const ends = after.map((count) => (count === 0 ? LAST : count));
    return s.b.op('Slice', [value, s.b.ints(before.map((count) => -count)), s.b.ints(ends), s.b.ints(axes)]);
  }
  const pads = Array.from({ length: 2 * rank }, () => 0);
  axes.forEach((axis, i) => {
    pads[axis] = before[i];
    pads[rank + axis] = after[i];
  });
  return s.b.op('Pad', [value, s.b.ints(pads)]);
}

/** A value with the elements of `value` and the shape of `like`. */
export function reshapeLike(s: ShapedWriter, value: string, like: string): string {
  const shape = s.shape(like);
  return shape === undefined ? s.b.op('Reshape', [value, s.b.op('Shape', [like])]) : reshapeTo(s, value, shape, like);
}

/** Broadcasts to the shape of `like`. */
export function expandLike(s: ShapedWriter, value: string, like: string): string {
  return s.b.op('Expand', [value, shapeOf(s, like)]);
}

/** Zeros of the shape of `like`. */
export function zerosLike(s: BackwardStep, like: string): string {
  return s.b.op('Expand', [s.number(0), shapeOf(s, like)]);
}

function isStatic(shape: readonly Dimension[]): shape is readonly number[] {
  return shape.every((d) => typeof d === 'number');
}
