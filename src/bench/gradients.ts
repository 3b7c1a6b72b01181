/*
 * The table rules × error: every case of the PyTorch float64 reference, the small nets, and the models that are there.
 *
 *     npm run bench -- gradients [RULE or NET …]
 *
 * Error: largest difference over the largest magnitude of the gradient, the worst of all inputs and parameters. Models
 * are looked for in GIMBAL_SHARED (default ../shared).
 */
import { differentiate } from '../gradients/differentiate.ts';
import { withLoss } from '../gradients/with-loss.ts';
import { readModel } from '../onnx/read.ts';
import type { TensorValue } from '../onnx/graph.ts';
import { numbersOf, tensorFrom } from '../onnx/tensor.ts';
import { toWorkingOpset } from '../onnx/upgrade.ts';
import { largestOf } from '../statistics/extremes.ts';
import { graphOf, referenceCases } from '../testing/gradient-reference.ts';
import { modelCases, netCases, waveImages } from '../testing/net-reference.ts';
import { hasSharedModels, sharedModel } from '../testing/onnx.ts';
import { relativeError, runGraph } from '../testing/run-graph.ts';

const chosen = process.argv.slice(2);
const isWanted = (name: string): boolean => chosen.length === 0 || chosen.includes(name);

const rows = new Map<string, { cases: number; worst: number }>();
function note(name: string, error: number): void {
  const row = rows.get(name) ?? { cases: 0, worst: 0 };
  rows.set(name, { cases: row.cases + 1, worst: Math.max(row.worst, error) });
}

for (const entry of referenceCases().filter(({ opType }) => isWanted(opType))) {
  const by = [...entry.gradients.keys()];
  const { graph, gradients } = differentiate(graphOf(entry, 'all but the batch'), {
    output: 'loss',
    by: by.map((i) => `x${i}`),
  });
  const outputs = await runGraph(graph, Object.fromEntries(by.map((i) => [`x${i}`, entry.inputs[i] as TensorValue])));
  const errors = [...entry.gradients].map(([i, reference]) =>
    relativeError(outputs[gradients.get(`x${i}`) as string], numbersOf(reference)),
  );
  note(entry.opType, largestOf(errors));
}

for (const net of netCases().filter(({ name }) => isWanted(name))) {
  const { graph, loss, labels } = withLoss(net.graph, { scores: net.scores });
  const { graph: full, gradients } = differentiate(graph, { output: loss, by: [...net.gradients.keys()] });
  const outputs = await runGraph(full, { image: net.image, [labels]: tensorFrom('int64', net.labels) });
  const errors = [...net.gradients].map(([name, reference]) =>
    relativeError(outputs[gradients.get(name) as string], numbersOf(reference)),
  );
  note(net.name, largestOf(errors));
}

for (const model of (hasSharedModels ? modelCases() : []).filter(({ name }) => isWanted(name))) {
  const { graph, loss, labels } = withLoss(toWorkingOpset(readModel(sharedModel(model.name))).graph, {
    scores: model.scores,
  });
  const { graph: full, gradients } = differentiate(graph, { output: loss, by: [...model.gradients.keys()] });
  const outputs = await runGraph(full, {
    [model.input]: waveImages(model.shape),
    [labels]: tensorFrom('int64', model.labels),
  });
  for (const [by, { step, largest, values }] of model.gradients) {
    const actual = outputs[gradients.get(by) as string].filter((_, i) => i % step === 0);
    note(model.name, largestOf(values.map((value, i) => Math.abs(value - actual[i]))) / largest);
  }
}

console.log('| rule or net | cases | worst relative error |\n|---|---|---|');
for (const [name, { cases, worst }] of rows) console.log(`| ${name} | ${cases} | ${worst.toExponential(1)} |`);
const worst = largestOf([...rows.values()].map((row) => row.worst));
console.log(`\nworst of all: ${worst.toExponential(1)} (allowed: 1e-4)`);
process.exitCode = worst <= 1e-4 ? 0 : 1;
