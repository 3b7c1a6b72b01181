import { describe, expect, it } from 'vitest';
import { GimbalError } from '../errors/error.ts';
import { differentiate } from './differentiate.ts';
import type { Differentiated } from './differentiate.ts';
import { toWorkingOpset } from '../onnx/upgrade.ts';
import { modelOf } from '../testing/onnx.ts';
import { graphOf, referenceCases } from '../testing/gradient-reference.ts';
import type { Knowing, ReferenceCase } from '../testing/gradient-reference.ts';
import { relativeError, runGraph } from '../testing/run-graph.ts';

/** Operators that may refuse where only ranks are known; all others must work there too. */
const NEEDS_SHAPES = [
  'Conv',
  'ConvTranspose',
  'FusedConv',
  'AveragePool',
  'GroupNormalization',
  'Resize',
  'Col2Im',
  'Attention',
  'MultiHeadAttention',
];

function differentiated(entry: ReferenceCase, knowing: Knowing): Differentiated | undefined {
  const by = [...entry.gradients.keys()].map((position) => `x${position}`);
  try {
    return differentiate(toWorkingOpset(modelOf(graphOf(entry, knowing), entry.opset)).graph, { output: 'loss', by });
  } catch (error) {
    const excused = knowing === 'ranks' && NEEDS_SHAPES.includes(entry.opType) && error instanceof GimbalError;
    if (!excused) throw error;
    expect(error.issue.code).toMatch(/not-differentiable|cannot-upgrade/);
    return undefined;
  }
}

describe.each<Knowing>(['shapes', 'all but the batch', 'ranks'])(
  'gradients of single operators against PyTorch in float64, knowing %s',
  (knowing) => {
    it.each(referenceCases().map((entry) => [`${entry.opType}: ${entry.name}`, entry] as const))(
      '%s',
      async (_, entry) => {
        const result = differentiated(entry, knowing);
        if (result === undefined) return;
        const feeds = Object.fromEntries(
          [...entry.gradients.keys()].map((position) => [`x${position}`, entry.inputs[position]!]),
        );
        const outputs = await runGraph(result.graph, feeds);
        if (entry.loss !== undefined && knowing === 'shapes') {
          const original = await runGraph(graphOf(entry, knowing), feeds, entry.opset);
          expect(original.loss[0], 'loss as ONNX Runtime has it').toBeCloseTo(entry.loss, 3);
          expect(outputs.loss[0], 'loss beside the gradient').toBeCloseTo(entry.loss, 3);
        }
        for (const [position, expected] of entry.gradients) {
          const actual = outputs[result.gradients.get(`x${position}`)!];
          expect(relativeError(actual, expected.data as Float32Array), `by input ${position}`).toBeLessThan(1e-4);
        }
      },
    );
  },
);
