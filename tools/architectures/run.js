#!/usr/bin/env node
// Exports every classifier of architectures.json, evaluates and differentiates it beside PyTorch, and writes
// docs/architectures.md.
//
//   node tools/architectures/run.js [--python PYTHON] [--retry] [--only TEXT] [--exporter NAME] [--table]
//
// Goes on where it stopped: what measured.jsonl beside this file holds is not done again, but for failures with --retry
// and for what --only names. Each export is deleted once it is compared. --table writes the page alone.
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { passes, readMeasured, writePage } from './table.js';

const run = promisify(execFile);
const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const { values: options } = parseArgs({
  options: {
    python: { type: 'string', default: 'python3' },
    retry: { type: 'boolean', default: false },
    only: { type: 'string' },
    exporter: { type: 'string' },
    table: { type: 'boolean', default: false },
    minutes: { type: 'string', default: '10' },
  },
});

const measured = readMeasured();
if (!options.table) await measureAll();
writePage();

async function measureAll() {
  const entries = JSON.parse(readFileSync(here('architectures.json'), 'utf8'));
  // Every architecture once by either exporter of PyTorch in turn, then by the other one.
  const both = ['dynamo', 'torchscript'];
  const work = [0, 1].flatMap((pass) =>
    entries.flatMap((entry, i) => {
      if (entry.library === 'keras' && pass > 0) return [];
      const exporter = entry.library === 'keras' ? 'keras' : both[(i + pass) % 2];
      return [{ entry, exporter, key: `${entry.library} ${entry.model} ${exporter}` }];
    }),
  );
  for (const { entry, exporter, key } of work) {
    if (options.exporter !== undefined && exporter !== options.exporter) continue;
    if (options.only !== undefined && !key.includes(options.only)) continue;
    const before = measured.get(key);
    if (before !== undefined && options.only === undefined && !(options.retry && !passes(before))) continue;
    const record = { library: entry.library, model: entry.model, exporter, ...(await measure(entry, exporter)) };
    measured.set(key, record);
    writeFileSync(here('measured.jsonl'), [...measured.values()].map((r) => `${JSON.stringify(r)}\n`).join(''));
    console.log(`${passes(record) ? 'ok  ' : 'FAIL'} ${key} ${record.problem ?? ''}`);
  }
}

async function measure(entry, exporter) {
  const folder = mkdtempSync(join(tmpdir(), 'architecture-'));
  const limits = { timeout: Number(options.minutes) * 60_000, maxBuffer: 1e9, killSignal: 'SIGKILL' };
  try {
    try {
      await run(options.python, [here('export.py'), JSON.stringify(entry), exporter, folder], limits);
    } catch (error) {
      return { stage: 'export', problem: lastLine(error) };
    }
    const bytes = statSync(join(folder, 'model.onnx')).size;
    try {
      const { stdout } = await run(process.execPath, [here('check.js'), folder], limits);
      return { bytes, ...JSON.parse(stdout.trim().split('\n').at(-1)) };
    } catch (error) {
      return { bytes, stage: 'evaluation', problem: lastLine(error) };
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function lastLine({ stderr, message, killed }) {
  if (killed) return `took more than ${options.minutes} minutes`;
  const lines = String(stderr || message)
    .trim()
    .split('\n');
  return (lines.findLast((line) => /Error|error/.test(line)) ?? lines.at(-1)).slice(0, 300);
}
