import { Tensor } from 'onnxruntime-common';
import { GraphBuilder } from '../../onnx/builder.ts';
import type { Graph } from '../../onnx/graph.ts';
import { isRuntimeFault, type Runtime, type Session } from '../../runtime/runtime.ts';
import { openGraph } from './session.ts';
import { BLOCKED_DOMAIN } from '../lowering/lowering.ts';
import { lower } from '../lowering/lower.ts';
import { plainPercent } from '../../notation/numbers.ts';

/**
 * Relative error of an output, in the 2-norm, that rounding explains: near zero a few of millions of ReLU masks flip.
 */
const TOLERANCE = 0.03;

export type LoweredSession =
  | { readonly session: Session }
  /** Why the plain graph has to do. */
  | { readonly refusal: string };

/**
 * Opens the blocked form of a graph after a trial run of both forms on the same numbers.
 * @param graph with static shapes
 * @param sample numbers for all inputs
 */
export async function openLowered(
  graph: Graph,
  sample: Readonly<Record<string, Tensor>>,
  runtime: Runtime,
  threads: number,
): Promise<LoweredSession> {
  const block = await probeBlock(runtime);
  if (block === undefined) return { refusal: 'this build of ONNX Runtime has no blocked kernels for this processor' };
  const lowered = lower(graph, block);
  if (lowered === undefined) return { refusal: `no layer has channels in whole blocks of ${block}` };
  let session: Session;
  try {
    session = await openGraph(lowered, runtime, threads);
  } catch (error) {
    if (!isRuntimeFault(error)) throw error;
    return { refusal: `ONNX Runtime refuses the blocked graph (${error.issue.problem.replace(/\.$/, '')})` };
  }
  const difference = await compare(session, graph, sample, runtime, threads);
  if (difference === undefined) return { session };
  await session.release();
  return { refusal: difference };
}

/**
 * Channels in a block of this machine's kernels: what four channels come back as. Undefined: there are no such kernels.
 */
export async function probeBlock(runtime: Runtime): Promise<number | undefined> {
  const b = new GraphBuilder('probe');
  const x = b.input('x', 'float32', [1, 4, 2, 2]);
  b.output(b.op('ReorderInput', [x], {}, BLOCKED_DOMAIN), 'float32');
  try {
    const session = await openGraph(b.build(), runtime, 1);
    const [output] = Object.values(await session.run({ x: new Tensor('float32', new Float32Array(16), [1, 4, 2, 2]) }));
    await session.release();
    return output.dims[1];
  } catch (error) {
    if (!isRuntimeFault(error)) throw error;
    return undefined;
  }
}

/** What differs between the blocked session and the plain graph; undefined where only rounding does. */
async function compare(
  session: Session,
  graph: Graph,
  sample: Readonly<Record<string, Tensor>>,
  runtime: Runtime,
  threads: number,
): Promise<string | undefined> {
  const blocked = await session.run(sample);
  const reference = await openGraph(graph, runtime, threads);
  try {
    const plain = await reference.run(sample);
    for (const [name, { data }] of Object.entries(plain)) {
      const error = relativeError(blocked[name].data as Float32Array, data as Float32Array);
      if (!(error < TOLERANCE)) return `on trial its ${name} was off by ${plainPercent(error)}`;
    }
    return undefined;
  } finally {
    await reference.release();
  }
}

/** ‖a − b‖ / ‖b‖. */
function relativeError(a: Float32Array, b: Float32Array): number {
  let difference = 0;
  let size = 0;
  for (let i = 0; i < b.length; i++) {
    difference += (a[i] - b[i]) ** 2;
    size += b[i] ** 2;
  }
  return size === 0 ? Math.sqrt(difference) : Math.sqrt(difference / size);
}
