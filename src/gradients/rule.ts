import type { NodeView } from './node-view.ts';
import type { BackwardStep } from './step.ts';

/** The derivative of one operator. */
export interface Rule {
  readonly opType: string;
  /** Its formula as the table of operators shows it: g is the gradient by the output y. */
  readonly formula: string;
  /**
   * Positions of the inputs that gradients flow to, or all of them. An empty list: the derivative is zero
   * wherever it exists (shapes, comparisons, indices), so the path ends here.
   */
  readonly inputs: readonly number[] | 'all';
  /** `all`: gradients come in by every output; else by the first one alone, and the others must lead nowhere. */
  readonly outputs?: 'all';
  /** What is left out, for the table of operators. */
  readonly limits?: string;
  /** The rank of the first input must be known when the graph is built. */
  readonly ranked?: boolean;
  /** Why this very node is not covered; undefined where it is. */
  refuse?(view: NodeView): string | undefined;
  /** Adds the gradient's nodes and returns the gradient by each input; undefined stands for zero or not wanted. */
  gradient(step: BackwardStep): readonly (string | undefined)[];
}

/** Whether gradients flow from the node's outputs to its input at this position. */
export function flowsTo(rule: Rule, position: number): boolean {
  return rule.inputs === 'all' || rule.inputs.includes(position);
}
