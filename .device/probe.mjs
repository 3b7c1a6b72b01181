// Usage: node probe.mjs DEVICE [quick]
import { readFileSync, readdirSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
const root = new URL('../dist/', import.meta.url).href;
const device = process.argv[2] ?? 'cuda';
const quick = process.argv[3] === 'quick';
const { arraySource } = await import(root + 'data/array-source.js');
const { nodeRuntime } = await import(root + 'node/runtime/runtime.js');
const { randomStream } = await import(root + 'random/stream.js');
const { resolveRecipe } = await import(root + 'training/recipes/recipe.js');
const { createTask } = await import(root + 'training/run/task.js');
const { TrainingState } = await import(root + 'training/run/state.js');
const { DeviceUpdater } = await import(root + 'training/run/device-updater.js');
const { StepUpdater } = await import(root + 'training/run/step-updater.js');
const { updatesGraph } = await import(root + 'training/device/updates-graph.js');
const t0 = performance.now();
const say = (...x) => console.log(`[${((performance.now() - t0) / 1000).toFixed(1)}]`, ...x);
const stream = randomStream(1, 'probe');
const count = quick ? 600 : 12000;
const base = Float32Array.from({ length: 3072 }, (_, p) => 0.5 + 0.5 * Math.sin(p * 0.37));
const labels = Array.from({ length: count }, (_, i) => i % 10);
const images = labels.map((label, i) => { const u = stream.uniform4(i); return base.map((v, p) => Math.min(1, Math.max(0, v * u[p & 3] + 0.05 * label))); });
const data = arraySource({ images, labels, shape: { channels: 3, height: 32, width: 32 }, classes: 10 });
const recipe = { name: 'probe', settings: { architecture: 'resnet9', depth: 9, width: 64, objective: 'standard', epochs: 1, batch: 128, flip: true, rate: 0.02, heldOut: 0, averaging: 0.999, smoothing: 0.05 } };
async function taskOf(changes) { return createTask('probe', resolveRecipe(recipe, changes), data); }
say('devices', JSON.stringify(await nodeRuntime.devices()), 'cores', availableParallelism());
const norm = (v) => Math.sqrt(v.reduce((s, x) => s + x * x, 0));

// 1. the same updates on both
{
  const task = await taskOf(['width=16', 'objective=worst-of-k', 'candidates=3', 'batch=64']);
  const run = async (device) => {
    const state = new TrainingState(task.network, task.settings, data.length);
    const updater = new DeviceUpdater(task, state, nodeRuntime, device, 4);
    const losses = await updater.advance(task.positions.slice(0, 64 * 3), 0, 0);
    await updater.release();
    return { losses, state };
  };
  const [a, b] = [await run(device), await run('cpu')];
  say('losses', device, a.losses.map((x) => x.toFixed(5)).join(), 'cpu', b.losses.map((x) => x.toFixed(5)).join());
  for (const [name, v] of a.state.vectors) { const r = b.state.vectors.get(name); say(' ', name, 'relative difference', (norm(v.map((x, i) => x - r[i])) / norm(r)).toExponential(2)); }
}
// 2. speed
async function time(label, changes, updates) {
  try {
    const task = await taskOf(changes);
    const { batch } = task.settings;
    const state = new TrainingState(task.network, task.settings, data.length);
    let t = performance.now();
    const updater = new DeviceUpdater(task, state, nodeRuntime, device, 4);
    await updater.advance(task.positions.slice(0, batch * 2), 0, 0);
    const open = (performance.now() - t) / 1000;
    const n = Math.min(updates, updater.stride, Math.floor(task.positions.length / batch));
    const times = [];
    for (let i = 0; i < 3; i++) { t = performance.now(); await updater.advance(task.positions.slice(0, batch * n), 2, 0); times.push((performance.now() - t) / n); }
    await updater.release();
    const ms = Math.min(...times);
    say(label, `open+2 ${open.toFixed(1)} s; ${n} updates a go: ${times.map((x) => x.toFixed(1)).join(' ')} ms an update; ${(batch / ms * 1000).toFixed(0)} images/s`);
  } catch (error) { say(label, 'FAILED', error.message.slice(0, 600)); }
}
if (quick) await time('w8 regularised k2 b16', ['width=8', 'objective=regularised', 'candidates=2', 'batch=16'], 2);
else {
  await time('w64 standard b128', ['batch=128'], 32);
  await time('w64 standard b512', ['batch=512'], 16);
  await time('w64 regularised k1 b128', ['objective=regularised', 'candidates=1', 'batch=128'], 32);
  await time('w64 regularised k4 b128', ['objective=regularised', 'candidates=4', 'batch=128'], 32);
  await time('w64 regularised k4 b256', ['objective=regularised', 'candidates=4', 'batch=256'], 32);
  await time('w32 standard b128', ['width=32', 'batch=128'], 32);
  await time('w32 worst-of-10 b128', ['width=32', 'objective=worst-of-k', 'candidates=10', 'batch=128'], 32);
  await time('w96 regularised k1 b128', ['width=96', 'objective=regularised', 'candidates=1', 'batch=128'], 32);
}
// 3. where nodes run, and how long their launches take
{
  const { InferenceSession, Tensor } = await import('onnxruntime-node');
  const task = await taskOf(quick ? ['width=8', 'batch=16', 'objective=regularised', 'candidates=2'] : ['objective=regularised', 'candidates=4', 'batch=128']);
  const state = new TrainingState(task.network, task.settings, data.length);
  let bytes; let feeds;
  const spy = { createSession: async (m) => { bytes = m; return { run: async (f) => { feeds = f; return { losses: new Tensor('float32', Float32Array.of(NaN), [1]) }; }, release: async () => {} }; } };
  const updater = new DeviceUpdater(task, state, spy, device, 4);
  await updater.advance(task.positions.slice(0, task.settings.batch * 6), 0, 0);
  const session = await InferenceSession.create(bytes, { executionProviders: [device], enableProfiling: true, profileFilePrefix: '/tmp/gimbal-profile', enableMemPattern: false, logSeverityLevel: 3 });
  await session.run(feeds); const t = performance.now(); await session.run(feeds); say('6 updates', (performance.now() - t).toFixed(0), 'ms');
  session.endProfiling();
  await session.release();
  for (const file of readdirSync('/tmp').filter((f) => f.startsWith('gimbal-profile'))) {
    const events = JSON.parse(readFileSync(`/tmp/${file}`, 'utf8')).filter((e) => e.cat === 'Node' && e.name.endsWith('_kernel_time'));
    const table = new Map();
    for (const { args, dur } of events) { const key = `${args.provider.replace('ExecutionProvider', '')} ${args.op_name}`; const e = table.get(key) ?? { n: 0, us: 0 }; e.n++; e.us += dur; table.set(key, e); }
    for (const [key, { n, us }] of [...table].sort((a, b) => b[1].us - a[1].us).slice(0, 45)) console.log('   ', key.padEnd(40), String(n / 12).padStart(8), (us / 12000).toFixed(2).padStart(9), 'ms an update');
    rmSync(`/tmp/${file}`);
  }
}
// 4. evaluation
if (!quick) {
  const { loadModel } = await import(root + 'node/runtime/open.js');
  const { startClassifier } = await import(root + 'node/runtime/start.js');
  const { inferenceModel } = await import(root + 'training/export/inference-model.js');
  const { writeModel } = await import(root + 'onnx/write.js');
  const { writeFileSync } = await import('node:fs');
  const task = await taskOf([]);
  const state = new TrainingState(task.network, task.settings, data.length);
  writeFileSync('/tmp/probe.onnx', writeModel(inferenceModel(task.network, state.live, { recipe: 'probe', settings: task.settings, data: 'probe', metrics: [] })));
  const model = await loadModel('/tmp/probe.onnx');
  for (const [threads, batch] of [[4, 256], [12, 256], [12, 512]]) {
    try {
      const classifier = await startClassifier(model, { device, threads, batch });
      const request = (n) => ({ images: images.slice(0, 64), trials: Array.from({ length: n }, (_, i) => ({ image: i % 64, transformations: [{ tx: 1.5, ty: (i % 7) * 0.3, angle: i % 30 }] })) });
      await classifier.logits(request(batch * threads * 2));
      const t = performance.now();
      await classifier.logits(request(60000));
      say(`evaluation w64, ${threads} workers, batch ${batch}: ${(60000 / (performance.now() - t) * 1000).toFixed(0)} trials/s`);
      await classifier.close();
    } catch (error) { say('evaluation FAILED', error.message.slice(0, 400)); }
  }
  // 5. the same step on all cores
  const t32 = await taskOf(['width=32']);
  const s32 = new TrainingState(t32.network, t32.settings, data.length);
  const u = await StepUpdater.open(t32, s32, nodeRuntime, availableParallelism(), () => {});
  for (let i = 0; i < 3; i++) await u.advance(t32.positions.slice(0, 128), 0, 0);
  const t = performance.now();
  for (let i = 0; i < 12; i++) await u.advance(t32.positions.slice(0, 128), 0, 0);
  say('cpu w32 standard b128, all cores in one session:', ((performance.now() - t) / 12).toFixed(0), 'ms an update');
  await u.release();
}
process.exit(0);
