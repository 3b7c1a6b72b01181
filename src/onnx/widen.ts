import { codeOf } from './element-type.ts';
import type { Attribute, ElementType, Graph, Model, Node, TensorValue, ValueInfo } from './graph.ts';
import { numbersOf } from './tensor.ts';

/** The same model computed in float32 wherever it was in float16, its inputs and outputs too. */
export function widenFloat16(model: Model): Model {
  return { ...model, graph: widenGraph(model.graph) };
}

function widenGraph(graph: Graph): Graph {
  return {
    ...graph,
    inputs: graph.inputs.map(widenInfo),
    outputs: graph.outputs.map(widenInfo),
    initializers: new Map([...graph.initializers].map(([name, value]) => [name, widenTensor(value)])),
    nodes: graph.nodes.map(widenNode),
    valueInfo: new Map([...graph.valueInfo].map(([name, info]) => [name, widenInfo(info)])),
  };
}

function widenNode(node: Node): Node {
  return {
    ...node,
    attributes: new Map([...node.attributes].map(([name, value]) => [name, widenAttribute(name, value)])),
  };
}

function widenAttribute(name: string, attribute: Attribute): Attribute {
  if (attribute.kind === 'tensor') return { kind: 'tensor', value: widenTensor(attribute.value) };
  if (attribute.kind === 'graph') return { kind: 'graph', value: widenGraph(attribute.value) };
  const isType = name === 'to' || name === 'dtype' || name === 'stash_type';
  return isType && attribute.kind === 'int' && attribute.value === codeOf('float16')
    ? { kind: 'int', value: codeOf('float32') }
    : attribute;
}

function widenTensor(tensor: TensorValue): TensorValue {
  if (tensor.type !== 'float16') return tensor;
  return { type: 'float32', dims: tensor.dims, data: new Float32Array(numbersOf(tensor)) };
}

function widenInfo(info: ValueInfo): ValueInfo {
  return { ...info, type: widenType(info.type) };
}

function widenType(type: ElementType): ElementType {
  return type === 'float16' ? 'float32' : type;
}
