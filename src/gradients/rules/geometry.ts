import type { Dimension } from '../../onnx/graph.ts';
import type { NodeView } from '../node-view.ts';
import { intsOf, stringOf } from '../../onnx/attributes.ts';

/** How a window of one spatial axis moves: output j reads the inputs j·stride + t·dilation − before, 0 ≤ t < kernel. */
export interface Axis {
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  readonly before: number;
  readonly after: number;
}

/** Extent of the input and of the output along one spatial axis; null where unknown. */
export interface Extent {
  readonly input: Dimension;
  readonly output: Dimension;
}

/**
 * The windows of a convolution or pooling node, one for each spatial axis.
 * @returns undefined where the kernel's size, or the padding that auto_pad asks for, is unknown
 */
export function windows(view: NodeView): Axis[] | undefined {
  const { node, info } = view;
  const weights = info(node.inputs[1] ?? '')?.shape?.slice(2);
  const kernel = intsOf(node, 'kernel_shape') ?? weights;
  if (kernel === undefined || !kernel.every((k) => typeof k === 'number')) return undefined;
  const rank = kernel.length;
  const strides = intsOf(node, 'strides') ?? kernel.map(() => 1);
  const dilations = intsOf(node, 'dilations') ?? kernel.map(() => 1);
  const mode = stringOf(node, 'auto_pad') ?? 'NOTSET';
  const pads = intsOf(node, 'pads') ?? Array.from({ length: 2 * rank }, () => 0);
  const extents = info(node.inputs[0])?.shape?.slice(2);
  const axes: Axis[] = [];
  for (let i = 0; i < rank; i++) {
    const base = { kernel: kernel[i], stride: strides[i], dilation: dilations[i] };
    if (mode === 'NOTSET') axes.push({ ...base, before: pads[i], after: pads[rank + i] });
    else if (mode === 'VALID') axes.push({ ...base, before: 0, after: 0 });
    else {
      const extent = extents?.[i];
      if (typeof extent !== 'number') return undefined;
      const reach = (base.kernel - 1) * base.dilation + 1;
      const total = Math.max(0, (Math.ceil(extent / base.stride) - 1) * base.stride + reach - extent);
      const small = Math.floor(total / 2);
      axes.push({
        ...base,
        before: mode === 'SAME_LOWER' ? total - small : small,
        after: mode === 'SAME_LOWER' ? small : total - small,
      });
    }
  }
  return axes;
}

/**
 * The window without the taps that never meet the image: tap t meets it where some output j has
 * 0 ≤ j·stride + t·dilation − before < input. A window far larger than the image thus costs no more than one of its
 * size. The stride of a single output says nothing and becomes 1.
 * @returns the shorter window, and the first tap that is kept
 */
export function reachingTaps(axis: Axis, { input, output }: Extent): { axis: Axis; first: number } {
  if (typeof input !== 'number' || typeof output !== 'number') return { axis, first: 0 };
  const { kernel, stride, dilation, before, after } = axis;
  const first = Math.min(kernel - 1, Math.max(0, Math.ceil((before - (output - 1) * stride) / dilation)));
  const last = Math.max(first, Math.min(kernel - 1, Math.floor((input - 1 + before) / dilation)));
  const kept = {
    ...axis,
    stride: output === 1 ? 1 : stride,
    kernel: last - first + 1,
    before: before - first * dilation,
  };
  return { axis: { ...kept, after: after - (kernel - 1 - last) * dilation }, first };
}

/** Why a node's windows are unknown, for rules that rely on them. */
export function refuseUnknownWindows(view: NodeView): string | undefined {
  return windows(view) === undefined ? "its kernel's size or padding is only known at run time" : undefined;
}

/** Extents of the spatial axes. */
export function extents(view: NodeView): Extent[] {
  const [input, output] = [
    view.info(view.node.inputs[0])?.shape?.slice(2),
    view.info(view.node.outputs[0])?.shape?.slice(2),
  ];
  return (input ?? []).map((d, i) => ({ input: d, output: output?.[i] ?? null }));
}
