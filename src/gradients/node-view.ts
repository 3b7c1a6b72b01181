import type { Node, ValueInfo } from '../onnx/graph.ts';

/** What a rule may ask about a node before anything is built. */
export interface NodeView {
  readonly node: Node;
  /** Type and shape of a value, as far as they are known. */
  readonly info: (value: string) => ValueInfo | undefined;
  /** The elements of a small tensor whose value is known before the graph runs. */
  readonly numbers: (value: string) => readonly number[] | undefined;
  /** Whether it is a Relu before a MaxPool that masks for it, or such a MaxPool: `findPooledRelus`. */
  readonly masksAtMaximum: boolean;
}
