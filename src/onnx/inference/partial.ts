import { floatOf, floatsOf, intOf, intsOf, tensorOf } from '../attributes.ts';
import { elementTypeOf } from '../element-type.ts';
import type { Dimension, TensorValue } from '../graph.ts';
import { elementCount, numbersOf } from '../tensor.ts';
import { add, broadcast, floorDivide, fromFront, missingFactor, multiply, product, subtract } from './dimension.ts';
import { sliceRange, unsqueezed } from './layout.ts';
import type { Operands, PartialRule, PartialTensor } from './rule.ts';

/*
 * Evaluation of the small tensors that shapes are computed with: exporters write `x.view(x.size(0), -1)` as Shape,
 * Gather, Unsqueeze, Concat and Reshape. Elements may be numbers or symbols.
 */

/** Larger tensors are no shapes. */
export const LARGEST = 1024;

/** A constant as a partial tensor; undefined where it is large or holds strings. */
export function partialOf(tensor: TensorValue): PartialTensor | undefined {
  if (tensor.type === 'string' || elementCount(tensor.dims) > LARGEST) return undefined;
  return { dims: tensor.dims, elements: numbersOf(tensor) };
}

function vector(elements: readonly Dimension[]): PartialTensor {
  return { dims: [elements.length], elements };
}

function scalar(element: Dimension): PartialTensor {
  return { dims: [], elements: [element] };
}

const constant: PartialRule = ({ node }) => {
  const tensor = tensorOf(node, 'value');
  if (tensor !== undefined) return partialOf(tensor);
  const number = intOf(node, 'value_int') ?? floatOf(node, 'value_float');
  if (number !== undefined) return scalar(number);
  const list = intsOf(node, 'value_ints') ?? floatsOf(node, 'value_floats');
  return list && vector(list);
};

const shape: PartialRule = (at) => {
  const dims = at.shape(0);
  return dims && vector(dims.slice(intOf(at.node, 'start', 0), intOf(at.node, 'end', dims.length)));
};

const size: PartialRule = (at) => {
  const dims = at.shape(0);
  return dims && scalar(product(dims));
};

const constantOfShape: PartialRule = (at) => {
  const dims = at.numbers(0);
  if (dims === undefined || dims.some((dim) => !(dim >= 0)) || elementCount(dims) > LARGEST) return undefined;
  const value = tensorOf(at.node, 'value');
  const fill = value === undefined ? 0 : numbersOf(value)[0];
  return { dims, elements: Array.from({ length: elementCount(dims) }, () => fill) };
};

const range: PartialRule = (at) => {
  const [start, limit, delta] = [0, 1, 2].map((i) => at.numbers(i)?.[0]);
  if (start === undefined || limit === undefined || delta === undefined) return undefined;
  const length = Math.max(0, Math.ceil((limit - start) / delta));
  return !(length <= LARGEST) ? undefined : vector(Array.from({ length }, (_, i) => start + i * delta));
};

const identity: PartialRule = (at) => at.partial(0);

/** To integers: cut towards zero. A symbol is a whole number already. */
const cast: PartialRule = (at) => {
  const x = at.partial(0);
  const toInteger = elementTypeOf(intOf(at.node, 'to', 0))?.includes('int') ?? false;
  return x && toInteger ? { ...x, elements: x.elements.map((e) => (typeof e === 'number' ? Math.trunc(e) : e)) } : x;
};

/** The same elements under the dimensions that shape inference gives the output. */
function reshaped(at: Operands, dims: readonly Dimension[] | undefined): PartialTensor | undefined {
  const x = at.partial(0);
  if (x === undefined || dims === undefined || !dims.every((dim) => typeof dim === 'number')) return undefined;
  return elementCount(dims) === x.elements.length ? { dims, elements: x.elements } : undefined;
}

const reshape: PartialRule = (at) => {
  const dims = at.partial(0)?.dims;
  const target = at.numbers(1)?.map((dim, i) => (dim === 0 ? (dims?.[i] ?? 0) : dim));
  if (dims === undefined || target === undefined) return undefined;
  return reshaped(
    at,
    target.map((dim) =>
      dim === -1
        ? missingFactor(
            dims,
            target.filter((other) => other !== -1),
          )
        : dim,
    ),
  );
};

const squeeze: PartialRule = (at) => {
  const dims = at.partial(0)?.dims;
  const axes = at.ints('axes', 1)?.map((axis) => fromFront(axis, dims?.length ?? 0));
  return reshaped(
    at,
    dims?.filter((dim, axis) => (axes === undefined ? dim !== 1 : !axes.includes(axis))),
  );
};

const unsqueeze: PartialRule = (at) => {
  const dims = at.partial(0)?.dims;
  const axes = at.ints('axes', 1);
  return dims && axes && reshaped(at, unsqueezed(dims, axes));
};

/** Takes the elements at these places along one axis. */
function take(
  x: PartialTensor,
  axis: number,
  places: readonly number[],
  dims: readonly number[],
): PartialTensor | undefined {
  const inner = elementCount(x.dims.slice(axis + 1));
  const length = x.dims[axis];
  const outer = elementCount(x.dims.slice(0, axis));
  if (length === undefined || outer * places.length * inner > LARGEST) return undefined;
  const elements: Dimension[] = [];
  for (let o = 0; o < outer; o++) {
    for (const place of places) {
      const at = fromFront(place, length);
      if (at < 0 || at >= length) return undefined;
      for (let i = 0; i < inner; i++) elements.push(x.elements[(o * length + at) * inner + i]);
    }
  }
  return { dims: [...x.dims.slice(0, axis), ...dims, ...x.dims.slice(axis + 1)], elements };
}

const gather: PartialRule = (at) => {
  const x = at.partial(0);
  const places = at.numbers(1);
  if (x === undefined || places === undefined) return undefined;
  return take(x, fromFront(intOf(at.node, 'axis', 0), x.dims.length), places, at.partial(1)!.dims);
};

const slice: PartialRule = (at) => {
  const starts = at.ints('starts', 1);
  const ends = at.ints('ends', 2);
  const axes = at.ints('axes', 3) ?? (at.has(3) ? undefined : starts?.map((_, i) => i));
  const steps = at.numbers(4) ?? (at.has(4) ? undefined : starts?.map(() => 1));
  let x = at.partial(0);
  if (starts === undefined || ends === undefined || axes === undefined || steps === undefined) return undefined;
  for (const [i, axis] of axes.entries()) {
    if (x === undefined) return undefined;
    const place = fromFront(axis, x.dims.length);
    if (x.dims[place] === undefined || steps[i] === 0) return undefined;
    const { first, count } = sliceRange(x.dims[place], starts[i], ends[i], steps[i]);
    const indices = Array.from({ length: count }, (_, n) => first + n * steps[i]);
    x = take(x, place, indices, [count]);
  }
  return x;
};

/** Of vectors, which is what shapes are put together from. */
const concat: PartialRule = (at) => {
  const parts = at.node.inputs.map((_, i) => at.partial(i) ?? unknownVector(at, i));
  if (!parts.every((part) => part !== undefined && part.dims.length === 1)) return undefined;
  if (parts.reduce((sum, part) => sum + part!.elements.length, 0) > LARGEST) return undefined;
  return vector(parts.flatMap((part) => part!.elements));
};

function unknownVector(at: Operands, input: number): PartialTensor | undefined {
  const dims = at.shape(input);
  const length = dims?.length === 1 ? dims[0] : null;
  return typeof length === 'number' && length <= LARGEST ? vector(Array.from({ length }, () => null)) : undefined;
}

const transpose: PartialRule = (at) => {
  const x = at.partial(0);
  if (x === undefined) return undefined;
  const order = intsOf(at.node, 'perm') ?? x.dims.map((_, axis) => x.dims.length - 1 - axis);
  if (order.length !== x.dims.length || x.dims.some((_, axis) => !order.includes(axis))) return undefined;
  const strides = x.dims.map((_, axis) => elementCount(x.dims.slice(axis + 1)));
  const dims = order.map((axis) => x.dims[axis]);
  const elements = x.elements.map((_, flat) => {
    let rest = flat;
    let source = 0;
    for (let i = dims.length - 1; i >= 0; i--) {
      source += (rest % dims[i]) * strides[order[i]];
      rest = Math.floor(rest / dims[i]);
    }
    return x.elements[source];
  });
  return { dims, elements };
};

/** An operator on elements with broadcasting, of tensors that hold one element or equally many. */
function elementwise(compute: (...elements: Dimension[]) => Dimension): PartialRule {
  return (at) => {
    const inputs = at.node.inputs.map((_, i) => at.partial(i));
    if (!inputs.every((input) => input !== undefined)) return undefined;
    const dims = broadcast(...inputs.map((input) => input.dims));
    if (dims === undefined || !dims.every((dim) => typeof dim === 'number')) return undefined;
    const count = elementCount(dims);
    if (inputs.some((input) => input.elements.length !== 1 && input.elements.length !== count)) return undefined;
    const elements = Array.from({ length: count }, (_, i) =>
      compute(...inputs.map(({ elements: e }) => e[e.length === 1 ? 0 : i])),
    );
    // Sizes are at times scaled in float32, where rounding may tip the floor that follows.
    const single = at.type(at.node.inputs.length - 1) === 'float32';
    return { dims, elements: single ? elements.map((e) => (typeof e === 'number' ? Math.fround(e) : e)) : elements };
  };
}

/** Only on numbers. */
function numeric(compute: (...numbers: number[]) => number): PartialRule {
  return elementwise((...elements) =>
    elements.every((element) => typeof element === 'number') ? compute(...elements) : null,
  );
}

/** Of integers a division by zero, and one whose result has no place, end the process that runs it. */
function refuseImpossible(at: Operands): void {
  const type = at.type(0);
  if (type?.includes('int') !== true) return;
  const divisors = at.partial(1)?.elements;
  if (divisors?.includes(0) === true) throw at.refuse('it divides whole numbers by 0.');
  const least = -(2 ** (type === 'int64' ? 63 : 31));
  if (divisors?.includes(-1) === true && at.partial(0)?.elements.some((e) => typeof e === 'number' && e <= least))
    throw at.refuse(`it divides ${least} by -1, which no ${type} holds.`);
}

/** Integers are divided towards zero. */
const divide: PartialRule = (at) => {
  refuseImpossible(at);
  return elementwise((a, b) => {
    const whole = at.type(0)?.includes('int') ?? true;
    if (typeof a === 'number' && typeof b === 'number') return whole ? Math.trunc(a / b) : a / b;
    return whole ? floorDivide(a, b) : a === b && a !== null ? 1 : null;
  })(at);
};

const modulo: PartialRule = (at) => {
  if (intOf(at.node, 'fmod', 0) === 0) refuseImpossible(at);
  return numeric((a, b) => a - b * Math.floor(a / b))(at);
};

/** Symbols are equal to themselves, and, being sizes, never negative. */
const equal = elementwise((a, b) => {
  if (typeof a === 'number' && typeof b === 'number') return Number(a === b);
  if (a === null || b === null) return null;
  return a === b ? 1 : [a, b].some((e) => typeof e === 'number' && e < 0) ? 0 : null;
});

const where = elementwise((condition, yes, no) =>
  typeof condition !== 'number' ? (yes === no ? yes : null) : condition === 0 ? no : yes,
);

/** Over all elements. */
const reduceProduct: PartialRule = (at) => {
  const x = at.partial(0);
  if (x === undefined || x.dims.length !== 1) return undefined;
  const all = product(x.elements);
  return intOf(at.node, 'keepdims', 1) === 0 ? scalar(all) : vector([all]);
};

export const PARTIAL_RULES: Readonly<Record<string, PartialRule>> = {
  Constant: constant,
  Shape: shape,
  Size: size,
  ConstantOfShape: constantOfShape,
  Range: range,
  Identity: identity,
  Cast: cast,
  Reshape: reshape,
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  Gather: gather,
  Slice: slice,
  Concat: concat,
  Transpose: transpose,
  Expand: (at) => {
    const dims = at.numbers(1);
    const x = at.partial(0);
    if (x?.elements.length !== 1 || dims === undefined || dims.some((dim) => !(dim >= 0))) return undefined;
    if (elementCount(dims) > LARGEST) return undefined;
    return { dims, elements: Array.from({ length: elementCount(dims) }, () => x.elements[0]) };
  },
  Add: elementwise(add),
  Sub: elementwise(subtract),
  Mul: elementwise(multiply),
  Div: divide,
  Mod: modulo,
  Neg: numeric((a) => -a),
  Abs: numeric(Math.abs),
  Floor: numeric(Math.floor),
  Ceil: numeric(Math.ceil),
  Sqrt: numeric(Math.sqrt),
  Max: numeric(Math.max),
  Min: numeric(Math.min),
  Equal: equal,
  Less: numeric((a, b) => Number(a < b)),
  Greater: numeric((a, b) => Number(a > b)),
  Not: numeric((a) => Number(a === 0)),
  Where: where,
  ReduceProd: reduceProduct,
};
