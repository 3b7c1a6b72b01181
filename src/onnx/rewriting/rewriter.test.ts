import { describe, expect, it } from 'vitest';
import { modelOf, runOnnx } from '../../testing/onnx.ts';
import { float, GraphBuilder } from '../builder.ts';
import type { Graph, Node } from '../graph.ts';
import { pruneGraph } from '../prune.ts';
import { tensorFrom } from '../tensor.ts';
import { rewrite, Rewriter, type Rule, type Written } from './rewriter.ts';

/** Neg(x) as 0 − x. */
const negation: Rule = (node, r) =>
  node.opType === 'Neg' ? [r.op('Sub', [r.b.constant(0), r.value(node.inputs[0])])] : undefined;

function operators({ nodes }: Graph): string[] {
  return nodes.map(({ opType }) => opType);
}

async function valuesOf(graph: Graph, feeds: Record<string, number[]>): Promise<Record<string, number[]>> {
  const tensors = Object.fromEntries(Object.entries(feeds).map(([name, data]) => [name, tensorFrom('float32', data)]));
  const outputs = await runOnnx(modelOf(graph), tensors);
  return Object.fromEntries(Object.entries(outputs).map(([name, { values }]) => [name, [...values]]));
}

/** x → −x → |−x|, both outputs. */
function negated(): Graph {
  const b = new GraphBuilder('negated');
  b.input('x', 'float32', [2]);
  b.node('Neg', ['x'], ['minus']);
  b.node('Abs', ['minus'], ['size']);
  b.output('minus', 'float32', [2]);
  b.output('size', 'float32', [2]);
  return b.build();
}

describe('rewrite', () => {
  it('copies what stands for a value to its name, at once where all names are kept', async () => {
    const [kept, outputs] = (['all', 'outputs'] as const).map((names) => rewrite(negated(), negation, { names }));
    expect(operators(kept)).toEqual(['Sub', 'Identity', 'Abs']);
    expect(operators(outputs)).toEqual(['Sub', 'Abs', 'Identity']);
    for (const graph of [kept, outputs])
      expect(await valuesOf(graph, { x: [1, -2] })).toEqual({ minus: [-1, 2], size: [1, 2] });
  });

  it('hands on the very nodes for which the rule gives nothing', () => {
    const graph = negated();
    const { nodes } = rewrite(graph, () => undefined);
    expect(nodes.map((node, i) => node === graph.nodes[i])).toEqual([true, true]);
  });

  it('gives values that inner graphs take their names before these are read', async () => {
    const b = new GraphBuilder('branches');
    b.input('x', 'float32', [2]);
    b.node('Neg', ['x'], ['minus']);
    const branch = (opType: string) => {
      const inner = new GraphBuilder(opType, `${opType}/`);
      inner.output(inner.op(opType, ['minus']), 'float32', [2]);
      return { kind: 'graph', value: inner.build() } as const;
    };
    b.node('If', [b.initializer('yes', { type: 'bool', dims: [], data: Uint8Array.of(1) })], ['y'], {
      then_branch: branch('Abs'),
      else_branch: branch('Exp'),
    });
    b.output('y', 'float32', [2]);
    const graph = rewrite(b.build(), negation, { names: 'outputs' });
    expect(operators(graph)).toEqual(['Sub', 'Identity', 'If']);
    expect(await valuesOf(graph, { x: [1, -2] })).toEqual({ y: [1, 2] });
  });

  it('writes equal nodes once where names give way, but for those with tensors', () => {
    const b = new GraphBuilder('twice');
    b.input('x', 'float32', [2]);
    const twice = [b.op('Exp', ['x']), b.op('Exp', ['x'])];
    const shape = b.op('Shape', ['x']);
    const filled = [7n, 7n].map((value) =>
      b.op('ConstantOfShape', [shape], { value: { type: 'int64', dims: [1], data: BigInt64Array.of(value) } }),
    );
    for (const name of [...twice, ...filled]) b.output(name, 'float32');
    const count = (names: 'all' | 'outputs', opType: string) =>
      operators(rewrite(b.build(), () => undefined, { names })).filter((name) => name === opType).length;
    expect([count('all', 'Exp'), count('outputs', 'Exp')]).toEqual([2, 1]);
    expect(count('outputs', 'ConstantOfShape')).toBe(2);
  });

  it('writes the same operator once, and one with another attribute apart', () => {
    const rule: Rule = (node, r) => {
      if (node.opType !== 'Neg') return undefined;
      const [one, two, again] = [1, 2, 1].map((alpha) => r.op('Elu', ['x'], { alpha: float(alpha) }));
      expect(again).toBe(one);
      return [r.op('Add', [one, two])];
    };
    expect(operators(rewrite(negated(), rule))).toEqual(['Elu', 'Elu', 'Add', 'Identity', 'Abs']);
  });
});

/** Numbers as their logarithms: products are sums there. */
class Logarithms extends Rewriter<string> {
  protected rule(node: Node): Written {
    if (node.opType !== 'Mul') return undefined;
    this.setForm(
      node.outputs[0],
      this.op(
        'Add',
        node.inputs.map((name) => this.form(name)),
      ),
    );
    return [undefined];
  }

  protected override enter(name: string): string {
    return this.op('Log', [this.value(name)]);
  }

  protected override leave(name: string, form: string): string {
    return this.define(name, 'Exp', [form]);
  }
}

describe('a second form', () => {
  function products(): Graph {
    const b = new GraphBuilder('products');
    b.input('x', 'float32', [2]);
    b.op('Cos', ['x']);
    const square = b.op('Mul', ['x', 'x']);
    const fourth = b.op('Mul', [square, square]);
    b.node('Abs', [fourth], ['y']);
    b.node('Neg', [fourth], ['z']);
    b.output('y', 'float32', [2]);
    b.output('z', 'float32', [2]);
    return b.build();
  }

  it('is entered once, stayed in, and left once where other operators follow', async () => {
    const graph = new Logarithms(products()).writeAll();
    expect(operators(graph)).toEqual(['Cos', 'Log', 'Add', 'Add', 'Exp', 'Abs', 'Neg']);
    const { y, z } = await valuesOf(graph, { x: [1, 2] });
    expect(y.map((value) => value.toFixed(3))).toEqual(['1.000', '16.000']);
    expect(z).toEqual(y.map((value) => -value));
  });

  it('is written for what is asked for alone, where that is asked for', () => {
    expect(operators(new Logarithms(products()).writeOnDemand())).toEqual(['Log', 'Add', 'Add', 'Exp', 'Abs', 'Neg']);
    expect(operators(pruneGraph(new Logarithms(products()).writeAll()))).not.toContain('Cos');
  });

  it('is refused where a rewriting has none', () => {
    const rule: Rule = (node) => (node.opType === 'Neg' ? [undefined] : undefined);
    expect(() => rewrite(negated(), rule)).toThrow("internal: 'minus' was not written");
  });
});
