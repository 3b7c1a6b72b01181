import { describe, expect, it } from 'vitest';
import { tensorFrom } from '../onnx/tensor.ts';
import { readModel } from '../onnx/read.ts';
import { toWorkingOpset } from '../onnx/upgrade.ts';
import { modelCases, netCases, waveImages } from '../testing/net-reference.ts';
import type { ModelCase, NetCase } from '../testing/net-reference.ts';
import { hasSharedModels, sharedModel } from '../testing/onnx.ts';
import { relativeError, runGraph } from '../testing/run-graph.ts';
import { differentiability } from './differentiability.ts';
import { differentiate } from './differentiate.ts';
import { withLoss } from './with-loss.ts';

describe('gradients of small nets against PyTorch in float64', () => {
  it.each(netCases().map((net): [string, NetCase] => [net.name, net]))('%s', async (_, net) => {
    const { graph, loss, labels } = withLoss(net.graph, { scores: net.scores });
    const result = differentiate(graph, { output: loss, by: [...net.gradients.keys()] });
    const outputs = await runGraph(result.graph, { image: net.image, [labels]: tensorFrom('int64', net.labels) });
    expect(outputs[loss][0]).toBeCloseTo(net.loss, 4);
    for (const [name, expected] of net.gradients) {
      expect(relativeError(outputs[result.gradients.get(name)!], expected.data as Float32Array), name).toBeLessThan(
        1e-4,
      );
    }
  });
});

describe.skipIf(!hasSharedModels)('gradients of real models against PyTorch in float64', () => {
  it.each(modelCases().map((model): [string, ModelCase] => [model.name, model]))('%s', async (name, model) => {
    const net = toWorkingOpset(readModel(sharedModel(name))).graph;
    expect(differentiability(net)).toEqual({ differentiable: true, unsupported: [] });
    const { graph, loss, labels } = withLoss(net, { scores: model.scores });
    const result = differentiate(graph, { output: loss, by: [...model.gradients.keys()] });
    const outputs = await runGraph(result.graph, {
      [model.input]: waveImages(model.shape),
      [labels]: tensorFrom('int64', model.labels),
    });
    expect(outputs[loss][0] / model.loss).toBeCloseTo(1, 4);
    for (const [by, { step, largest, values }] of model.gradients) {
      const actual = outputs[result.gradients.get(by)!].filter((_, i) => i % step === 0);
      const errors = values.map((value, i) => Math.abs(value - actual[i]) / largest).sort((a, b) => a - b);
      expect(actual.length).toBe(values.length);
      // Of millions of masks one or two lie so near to zero that a processor's rounding turns them.
      expect(errors[Math.floor(0.99 * errors.length)], by).toBeLessThan(1e-4);
      expect(errors.at(-1), by).toBeLessThan(2e-3);
    }
  });
});
