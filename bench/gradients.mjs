// The table rules × error: every case of the PyTorch float64 reference, the small nets, and the models that are there.
//
//     npm run build && node bench/gradients.mjs
//
// Error: largest difference over the largest magnitude of the gradient, the worst of all inputs and parameters. Models are
// looked for in GIMBAL_SHARED (default ../shared).
import { differentiate } from '../dist/gradients/differentiate.js';
import { withLoss } from '../dist/gradients/with-loss.js';
import { readModel } from '../dist/onnx/read.js';
import { tensorFrom } from '../dist/onnx/tensor.js';
import { toWorkingOpset } from '../dist/onnx/upgrade.js';
import { graphOf, referenceCases } from '../dist/testing/gradient-reference.js';
import { modelCases, netCases, waveImages } from '../dist/testing/net-reference.js';
import { hasSharedModels, sharedModel } from '../dist/testing/onnx.js';
import { relativeError, runGraph } from '../dist/testing/run-graph.js';

const rows = new Map();
function note(name, error) {
  const row = rows.get(name) ?? { cases: 0, worst: 0 };
  rows.set(name, { cases: row.cases + 1, worst: Math.max(row.worst, error) });
}

for (const entry of referenceCases()) {
  const by = [...entry.gradients.keys()];
  const { graph, gradients } = differentiate(graphOf(entry, 'all but the batch'), {
    output: 'loss',
    by: by.map((i) => `x${i}`),
  });
  const outputs = await runGraph(graph, Object.fromEntries(by.map((i) => [`x${i}`, entry.inputs[i]])));
  note(
    entry.opType,
    Math.max(...by.map((i) => relativeError(outputs[gradients.get(`x${i}`)], entry.gradients.get(i).data))),
  );
}

for (const net of netCases()) {
  const { graph, loss, labels } = withLoss(net.graph, { scores: net.scores });
  const { graph: full, gradients } = differentiate(graph, { output: loss, by: [...net.gradients.keys()] });
  const outputs = await runGraph(full, { image: net.image, [labels]: tensorFrom('int64', net.labels) });
  note(
    net.name,
    Math.max(...[...net.gradients].map(([name, { data }]) => relativeError(outputs[gradients.get(name)], data))),
  );
}

for (const model of hasSharedModels ? modelCases() : []) {
  const { graph, loss, labels } = withLoss(toWorkingOpset(readModel(sharedModel(model.name))).graph, {
    scores: model.scores,
  });
  const { graph: full, gradients } = differentiate(graph, { output: loss, by: [...model.gradients.keys()] });
  const outputs = await runGraph(full, {
    [model.input]: waveImages(model.shape),
    [labels]: tensorFrom('int64', model.labels),
  });
  for (const [by, { step, largest, values }] of model.gradients) {
    const actual = outputs[gradients.get(by)].filter((_, i) => i % step === 0);
    note(model.name, Math.max(...values.map((value, i) => Math.abs(value - actual[i]))) / largest);
  }
}

console.log('| rule or net | cases | worst relative error |\n|---|---|---|');
for (const [name, { cases, worst }] of rows) console.log(`| ${name} | ${cases} | ${worst.toExponential(1)} |`);
const worst = Math.max(...[...rows.values()].map((row) => row.worst));
console.log(`\nworst of all: ${worst.toExponential(1)} (allowed: 1e-4)`);
process.exitCode = worst <= 1e-4 ? 0 : 1;
