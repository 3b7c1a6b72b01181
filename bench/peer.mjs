/*
 * How much sooner Gimbal reaches the verdicts of the 775-point grid than the published way of evaluating it (every point,
 * every image) in PyTorch on the CPU; see bench/peer.py. Run in turn, three times, medians:
 *
 *     npm run build && node bench/peer.mjs MODEL.onnx CIFAR_FOLDER [EXCLUDE.json] [--images 300] [--threads 2] [--python python3]
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createAttack } from '../dist/attacks/create-attack.js';
import { parseAttackName } from '../dist/attacks/attack-name.js';
import { excludeIndices } from '../dist/data/selection.js';
import { evaluate } from '../dist/evaluation/evaluate.js';
import { memoryJournal } from '../dist/evaluation/journal.js';
import { openSource } from '../dist/node/data/open.js';
import { openClassifier } from '../dist/node/runtime/open.js';

const { values: options, positionals: [model, data, exclude] } = parseArgs({
  allowPositionals: true,
  options: {
    images: { type: 'string', default: '300' }, threads: { type: 'string', default: '2' },
    python: { type: 'string', default: 'python3' }, rounds: { type: 'string', default: '3' },
  },
});
