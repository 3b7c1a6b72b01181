import { Tensor } from 'onnxruntime-common';
import { expandGradients } from '../../gradients/expansions/expand.ts';
import { WORKING_OPSET, type Graph, type Model } from '../../onnx/graph.ts';
import { writeModel } from '../../onnx/write.ts';
import type { Device, Runtime, Session } from '../../runtime/runtime.ts';
import type { Layout } from '../network/parameters.ts';

/** A file around a graph of ours. */
export function modelOf(graph: Graph, metadata: ReadonlyMap<string, string> = new Map()): Model {
  const domains = new Set(graph.nodes.map((node) => node.domain));
  domains.delete('');
  return {
    irVersion: 9,
    opsets: new Map([['', WORKING_OPSET], ...[...domains].map((domain): [string, number] => [domain, 1])]),
    producer: 'gimbal',
    metadata,
    graph,
  };
}

/** Opens a graph; gradients that are operators of their own are written with standard ones. */
export async function openGraph(
  graph: Graph,
  runtime: Runtime,
  threads: number,
  device: Device = 'cpu',
): Promise<Session> {
  return runtime.createSession(writeModel(modelOf(expandGradients(graph))), { threads, device });
}

/** Every tensor of a layout as an input, without a copy. */
export function layoutFeeds(layout: Layout, vector: Float32Array): Record<string, Tensor> {
  const views = layout.views(vector);
  return Object.fromEntries(
    layout.slots.map(({ name, dims }) => [name, new Tensor('float32', views.get(name) as Float32Array, dims)]),
  );
}

/** @param data [rows, …dims] */
export function rowsTensor(data: Float32Array, rows: number, dims: readonly number[]): Tensor {
  return new Tensor('float32', data, [rows, ...dims]);
}

export function floatsOf(tensor: Tensor): Float32Array {
  return tensor.data as Float32Array;
}
