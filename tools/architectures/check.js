// Opens one exported classifier as the command does and compares it with what PyTorch computed (export.py): prints a
// record as JSON.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openClassifier } from '../../dist/index.js';

const folder = process.argv[2];
const model = join(folder, 'model.onnx');
const reference = JSON.parse(readFileSync(join(folder, 'reference.json'), 'utf8'));
const [image, expected] = ['image.f32', 'gradient.f32'].map((file) => floats(readFileSync(join(folder, file))));

const record = { expectedLoss: reference.loss, ownChange: reference.ownChange, inspect: inspected() };
let classifier;
try {
  classifier = await openClassifier({ model, threads: 1 });
  const request = { images: [image], trials: [{ image: 0, transformations: [] }] };
  record.loss = crossEntropy(await classifier.logits(request), reference.label);
  record.lossError = Math.abs(record.loss - reference.loss) / Math.max(Math.abs(reference.loss), 1e-6);
  record.stage = 'gradient';
  const { pixels } = await classifier.gradients(request, [reference.label], 'pixels');
  record.gradientError = relativeError(pixels[0], expected);
  delete record.stage;
} catch (error) {
  record.stage ??= 'evaluation';
  record.problem = String(error.message).split('\n')[0].slice(0, 400);
}
await classifier?.close();
process.stdout.write(`${JSON.stringify(record)}\n`, () => process.exit(0));

function floats(bytes) {
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}

/** What `gimbal inspect` promises: true, or the first obstacle. */
function inspected() {
  const command = fileURLToPath(new URL('../../bin/gimbal.js', import.meta.url));
  const { stdout, stderr, status } = spawnSync(process.execPath, [command, 'inspect', '--json', model], {
    encoding: 'utf8',
    maxBuffer: 1e9,
  });
  if (status !== 0) return stderr.split('\n')[0].slice(0, 300);
  const { differentiable, obstacles } = JSON.parse(stdout);
  return differentiable || String(obstacles[0]).slice(0, 300);
}

function crossEntropy(logits, label) {
  const highest = Math.max(...logits);
  const sum = logits.reduce((total, logit) => total + Math.exp(logit - highest), 0);
  return highest + Math.log(sum) - logits[label];
}

/** Largest difference over the largest magnitude of the reference. */
function relativeError(actual, wanted) {
  let [difference, magnitude] = [0, 0];
  for (let i = 0; i < wanted.length; i++) {
    const gap = Math.abs(actual[i] - wanted[i]);
    difference = Number.isNaN(gap) ? Infinity : Math.max(difference, gap);
    magnitude = Math.max(magnitude, Math.abs(wanted[i]));
  }
  return magnitude === 0 ? difference : difference / magnitude;
}
