import { floatsOf, intOf, intsOf, stringOf } from '../attributes.ts';
import type { Dimension } from '../graph.ts';
import { add, floorDivide, multiply } from './dimension.ts';
import { unknowns, type Inferred, type Operands, type ShapeRule } from './rule.ts';
import { transposedOutput, windowsOf } from './window.ts';

/** Conv: x [N, C, …spatial], weights [M, C / group, …kernel] → [N, M, …output]. */
const convolution: ShapeRule = (at) => {
  const x = at.shape(0);
  const weights = at.shape(1);
  if (x === undefined) return [at.like(0, weights && unknowns(weights.length))];
  const windows = windowsOf(at.node, x.slice(2), weights?.slice(2));
  return [
    at.like(0, [x[0], weights?.[0] ?? null, ...(windows?.map((window) => window.output) ?? unknowns(x.length - 2))]),
  ];
};

const integerConvolution: ShapeRule = (at) => [{ type: 'int32', shape: convolution(at)[0]?.shape }];

/** ConvTranspose: x [N, C, …spatial], weights [C, M / group, …kernel] → [N, M, …output]. */
const transposedConvolution: ShapeRule = (at) => {
  const x = at.shape(0);
  const weights = at.shape(1);
  if (x === undefined) return [at.like(0, weights && unknowns(weights.length))];
  const spatial = transposedOutput(at.node, x.slice(2), weights?.slice(2)) ?? unknowns(x.length - 2);
  return [at.like(0, [x[0], multiply(weights?.[1] ?? null, intOf(at.node, 'group', 1)), ...spatial])];
};

/** MaxPool (with optional indices), AveragePool, LpPool. */
const pooling: ShapeRule = (at) => {
  const x = at.shape(0);
  const windows = x && windowsOf(at.node, x.slice(2));
  const shape = x && [...x.slice(0, 2), ...(windows?.map((window) => window.output) ?? unknowns(x.length - 2))];
  return [at.like(0, shape), { type: 'int64', shape }];
};

const globalPooling: ShapeRule = (at) => [
  at.like(
    0,
    at.shape(0)?.map((dim, axis) => (axis < 2 ? dim : 1)),
  ),
];

/** MaxUnpool: as wide as its third input says, else as MaxPool with these attributes would have read. */
const maxUnpool: ShapeRule = (at) => {
  const x = at.shape(0);
  const given = at.partial(2)?.elements;
  if (x === undefined || given !== undefined) return [at.like(0, given)];
  if (at.has(2)) return [at.like(0, unknowns(x.length))];
  const kernel = intsOf(at.node, 'kernel_shape') ?? [];
  const pads = intsOf(at.node, 'pads');
  const spatial = x.slice(2).map((dim, axis) => {
    const padding = (pads?.[axis] ?? 0) + (pads?.[axis + x.length - 2] ?? 0);
    return add(multiply(add(dim, -1), intsOf(at.node, 'strides')?.[axis] ?? 1), (kernel[axis] ?? 1) - padding);
  });
  return [at.like(0, [...x.slice(0, 2), ...spatial])];
};

/** Where opsets keep the scales: Upsample in an attribute (7) or in input 1 (9), Resize in input 1 (10) or 2 (11). */
function scalesOf(at: Operands): readonly number[] | undefined {
  const given =
    floatsOf(at.node, 'scales') ?? at.numbers(at.node.opType === 'Upsample' || at.node.inputs.length === 2 ? 1 : 2);
  return given?.length === 0 ? undefined : given;
}

/**
 * Resize and Upsample: the sizes, or ⌊size · scale⌋, along all axes or along those of the attribute `axes` (opset 18).
 */
const resize: ShapeRule = (at) => {
  const x = at.shape(0);
  if (x === undefined) return [at.like(0, undefined)];
  const sizes = at.partial(3)?.elements;
  const scales = scalesOf(at);
  const stretch = stringOf(at.node, 'keep_aspect_ratio_policy', 'stretch') === 'stretch';
  const crop = stringOf(at.node, 'coordinate_transformation_mode') === 'tf_crop_and_resize';
  const axes = intsOf(at.node, 'axes')?.map((axis) => (axis < 0 ? axis + x.length : axis)) ?? x.map((_, axis) => axis);
  const shape: Dimension[] = x.map((dim, axis) => {
    const place = axes.indexOf(axis);
    if (place < 0) return dim;
    if (at.has(3)) return stretch ? (sizes?.[place] ?? null) : null;
    const scale = scales?.[place];
    return scale === undefined || crop ? null : scaled(dim, scale);
  });
  return [at.like(0, shape)];
};

function scaled(dim: Dimension, scale: number): Dimension {
  if (typeof dim === 'number') return Math.floor(dim * scale);
  if (Number.isInteger(scale)) return multiply(dim, scale);
  return Number.isInteger(1 / scale) ? floorDivide(dim, 1 / scale) : null;
}

const depthToSpace: ShapeRule = (at) => [
  blocks(
    at,
    (dim, block) => multiply(dim, block),
    (dim, block) => floorDivide(dim, block * block),
  ),
];
const spaceToDepth: ShapeRule = (at) => [
  blocks(
    at,
    (dim, block) => floorDivide(dim, block),
    (dim, block) => multiply(dim, block * block),
  ),
];

type Scale = (dim: Dimension, block: number) => Dimension;

function blocks(at: Operands, space: Scale, depth: Scale): Inferred {
  const block = intOf(at.node, 'blocksize', 1);
  return at.like(
    0,
    at.shape(0)?.map((dim, axis) => (axis === 0 ? dim : axis === 1 ? depth(dim, block) : space(dim, block))),
  );
}

/** AffineGrid: theta [N, k, k + 1] and a size [N, C, …spatial] → grid [N, …spatial, k]. */
const affineGrid: ShapeRule = (at) => {
  const size = at.partial(1)?.elements;
  return [at.like(0, size && [size[0], ...size.slice(2), size.length - 2])];
};

/** GridSample: x [N, C, …] at a grid [N, …output, k] → [N, C, …output]. */
const gridSample: ShapeRule = (at) => {
  const x = at.shape(0);
  const grid = at.shape(1);
  return [at.like(0, x && grid && [x[0], x[1], ...grid.slice(1, -1)])];
};

/** Col2Im: columns [N, C · block, blocks] → [N, C, …image]. */
const columnsToImage: ShapeRule = (at) => {
  const x = at.shape(0);
  const [image, block] = [at.partial(1)?.elements, at.numbers(2)];
  const area = block?.reduce((product, size) => product * size, 1) ?? null;
  return [at.like(0, x && image && [x[0], area === null ? null : floorDivide(x[1], area), ...image])];
};

export const SPATIAL_RULES: Readonly<Record<string, ShapeRule>> = {
  Conv: convolution,
  ConvInteger: integerConvolution,
  FusedConv: convolution,
  ConvTranspose: transposedConvolution,
  MaxPool: pooling,
  AveragePool: pooling,
  LpPool: pooling,
  GlobalAveragePool: globalPooling,
  GlobalMaxPool: globalPooling,
  GlobalLpPool: globalPooling,
  MaxUnpool: maxUnpool,
  Resize: resize,
  Upsample: resize,
  DepthToSpace: depthToSpace,
  SpaceToDepth: spaceToDepth,
  AffineGrid: affineGrid,
  GridSample: gridSample,
  Col2Im: columnsToImage,
};
