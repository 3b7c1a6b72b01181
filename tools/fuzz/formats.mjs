import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { addOptions, optionsFrom } from '../../dist/cli/options-from-argv.js';
import { tellDifference } from '../../dist/cli/difference/tell-difference.js';
import { parseClassNames } from '../../dist/data/class-list.js';
import { GimbalError } from '../../dist/errors/error.js';
import { differentiability } from '../../dist/gradients/differentiability.js';
import { gradientModel } from '../../dist/model/gradient-model.js';
import { declaredFeeding } from '../../dist/model/prepare.js';
import { parseSidecar } from '../../dist/model/sidecar.js';
import { openSource } from '../../dist/node/data/open.js';
import { WeightsBeside } from '../../dist/node/runtime/external-data.js';
import { freeBatch } from '../../dist/onnx/free-batch.js';
import { inspectModel } from '../../dist/onnx/inspect.js';
import { readModel } from '../../dist/onnx/read.js';
import { toWorkingOpset } from '../../dist/onnx/upgrade.js';
import { widenFloat16 } from '../../dist/onnx/widen.js';
import { evaluateSchema } from '../../dist/options/evaluate-options.js';
import { decodeCheckpoint } from '../../dist/training/run/checkpoint.js';
import * as bases from './bases.mjs';
import { mutateBytes, mutateJson, mutateOnnx, mutateText } from './mutate.mjs';

/** Opens a data set and reads it, as an evaluation would. */
async function readData(path, options = {}) {
  const source = await openSource(path, { split: 'test', ...options });
  try {
    await source.read(Array.from({ length: Math.min(3, source.length) }, (_, i) => i));
  } finally {
    await source.close();
  }
}

/** A step that a file may be refused in while the next ones still take it. */
function step(work) {
  try {
    return work();
  } catch (error) {
    if (error instanceof GimbalError) return undefined;
    throw error;
  }
}

function readOnnx(bytes, folder) {
  const weights = new WeightsBeside(join(folder, 'm.onnx'), bytes);
  const model = readModel(bytes, (reference) => weights.read(reference));
  inspectModel(model);
  const feeding = step(() => declaredFeeding(model));
  const working = step(() => toWorkingOpset(model));
  if (working !== undefined) differentiability(widenFloat16(working).graph);
  step(() => freeBatch(model));
  const width = feeding?.description.output.width;
  if (width !== undefined)
    step(() =>
      gradientModel(model, { input: feeding.description.input, output: { ...feeding.description.output, width } }),
    );
}

/**
 * What is read from outside: for each format the files that are changed, how, and how one is read.
 * @param folder for what is read by its path
 */
export async function formatsIn(folder) {
  const write = (name, bytes) => {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    return path;
  };
  for (const name of ['idx', 'a', 'b']) mkdirSync(join(folder, name), { recursive: true });
  write('w.data', Buffer.alloc(40, 1));
  write('m.onnx', '');
  const [png] = await bases.pictures();
  write('i.png', png);
  write('labels.npy', bases.npyLabels());
  for (const side of ['a', 'b']) {
    write(join(side, 'config.json'), bases.runConfig());
    write(join(side, 'images.jsonl'), bases.records());
  }
  const silent = { out() {}, error() {}, live: false, columns: 80 };
  const compare = () => tellDifference({ a: join(folder, 'a'), b: join(folder, 'b'), json: true }, silent);
  const runFile = (name) => async (bytes) => {
    write(join('a', name), bytes);
    try {
      await compare();
    } finally {
      write(join('a', name), name === 'config.json' ? bases.runConfig() : bases.records());
    }
  };
  return {
    onnx: { bases: bases.onnxBases(), mutate: mutateOnnx, read: (bytes) => readOnnx(bytes, folder) },
    npy: {
      bases: [bases.npyBase()],
      mutate: mutateText,
      read: (bytes) => readData(write('x.npy', bytes), { labels: join(folder, 'labels.npy') }),
    },
    npz: { bases: bases.npzBases(), mutate: mutateBytes, read: (bytes) => readData(write('x.npz', bytes)) },
    'idx images': {
      bases: [bases.idxImages()],
      mutate: mutateBytes,
      read: (bytes) => {
        write('idx/t10k-labels-idx1-ubyte', bases.idxLabels());
        write('idx/t10k-images-idx3-ubyte', bytes);
        return readData(join(folder, 'idx'));
      },
    },
    'idx labels': {
      bases: [bases.idxLabels()],
      mutate: mutateBytes,
      read: (bytes) => {
        write('idx/t10k-images-idx3-ubyte', bases.idxImages());
        write('idx/t10k-labels-idx1-ubyte', bytes);
        return readData(join(folder, 'idx'));
      },
    },
    'cifar bin': { bases: [bases.cifarBase()], mutate: mutateBytes, read: (bytes) => readData(write('x.bin', bytes)) },
    'cifar tar.gz': {
      bases: [await bases.cifarArchive()],
      mutate: mutateBytes,
      read: (bytes) => readData(write('x.tar.gz', bytes)),
    },
    csv: {
      bases: [
        Buffer.from('path,label\ni.png,0\ni.png,1\n./i.png,2\n'),
        Buffer.from('path,label\ni.png,cat\ni.png,"dog, big"\n'),
      ],
      mutate: mutateText,
      read: (bytes) => readData(write('x.csv', bytes)),
    },
    image: {
      bases: await bases.pictures(),
      mutate: mutateBytes,
      read: (bytes) => {
        write('one.png', bytes);
        return readData(write('one.csv', 'path,label\none.png,0\ni.png,1\n'));
      },
    },
    'model.json': {
      bases: [bases.sidecar()],
      mutate: mutateJson,
      read: (bytes) => parseSidecar(bytes.toString(), 'model.json'),
    },
    'config file': {
      bases: [bases.options()],
      mutate: mutateJson,
      read: async (bytes) => {
        const command = new Command().exitOverride();
        addOptions(command, evaluateSchema);
        command.parse(['--config', write('options.json', bytes)], { from: 'user' });
        await optionsFrom(command, evaluateSchema);
      },
    },
    'config.json': { bases: [bases.runConfig()], mutate: mutateJson, read: runFile('config.json') },
    'images.jsonl': { bases: [bases.records()], mutate: mutateJson, read: runFile('images.jsonl') },
    checkpoint: {
      bases: [bases.checkpoint()],
      mutate: mutateBytes,
      read: (bytes) => decodeCheckpoint(new Uint8Array(bytes), 'checkpoint.bin'),
    },
    'class names': {
      bases: [Buffer.from('cat\ndog\nbird\n'), bases.json({ 0: 'cat', 1: 'dog' }), bases.json(['cat', 'dog'])],
      mutate: mutateText,
      read: (bytes) => parseClassNames(bytes.toString(), 'names.txt'),
    },
  };
}
