import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync, unzipSync, zipSync } from 'fflate';
import { Command } from 'commander';
import { readResult } from '../../dist/applications/evaluate/run-files.js';
import { addOptions, optionsFrom } from '../../dist/cli/options-from-argv.js';
import { tellDifference } from '../../dist/cli/difference/tell-difference.js';
import { parseClassNames } from '../../dist/data/class-list.js';
import { GimbalError } from '../../dist/errors/error.js';
import { differentiability } from '../../dist/gradients/differentiability.js';
import { gradientModel } from '../../dist/model/gradient-model.js';
import { declaredFeeding } from '../../dist/model/prepare.js';
import { parseSidecar } from '../../dist/model/sidecar.js';
import { readGroundTruth, readSynsets } from '../../dist/data/imagenet.js';
import { openCoco } from '../../dist/sources/listings.js';
import { nodeData } from '../../dist/node/data/node-data.js';
import { openSource } from '../../dist/node/data/open.js';
import { nodeFiles } from '../../dist/node/files.js';
import { WeightsBeside } from '../../dist/node/runtime/external-data.js';
import { freeBatch } from '../../dist/onnx/free-batch.js';
import { inspectModel } from '../../dist/onnx/inspect.js';
import { readModel } from '../../dist/onnx/read.js';
import { toWorkingOpset } from '../../dist/onnx/upgrade.js';
import { widenFloat16 } from '../../dist/onnx/widen.js';
import { evaluateSchema } from '../../dist/options/evaluate-options.js';
import { decodeCheckpoint } from '../../dist/training/run/checkpoint.js';
import * as bases from './bases.js';
import { mutateBytes, mutateJson, mutateOnnx, mutateText } from './mutate.js';

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
      gradientModel(model, {
        input: feeding.description.input,
        output: { ...feeding.description.output, width },
      }),
    );
}

/** Changes an archive, or one of its members under a checksum that holds. */
function mutateNpz(bytes, random) {
  if (random.next() < 0.5) return mutateBytes(bytes, random);
  const members = unzipSync(bytes);
  const name = random.pick(Object.keys(members));
  return Buffer.from(zipSync({ ...members, [name]: mutateText(members[name], random) }, { level: 0 }));
}

/** Changes a checkpoint, at times under a checksum (the SHA-256 at its end) that holds. */
function mutateCheckpoint(bytes, random) {
  if (random.next() < 0.3) return mutateBytes(bytes, random);
  const body = mutateBytes(bytes.subarray(0, -32), random);
  return Buffer.concat([body, createHash('sha256').update(body).digest()]);
}

function mutateTarGz(bytes, random) {
  if (random.next() < 0.3) return mutateBytes(bytes, random);
  return Buffer.from(gzipSync(mutateBytes(gunzipSync(bytes), random), { level: 1 }));
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
  for (const name of ['idx', 'results']) mkdirSync(join(folder, name), { recursive: true });
  write('w.data', Buffer.alloc(40, 1));
  write('m.onnx', '');
  const [png] = await bases.pictures();
  write('i.png', png);
  write('labels.npy', bases.npyLabels());
  /** The folder of a run, whole, to be compared with one of which a file is changed. */
  const run = (name) => {
    mkdirSync(join(folder, name), { recursive: true });
    write(join(name, 'config.json'), bases.runConfig());
    write(join(name, 'images.jsonl'), bases.records());
    return join(folder, name);
  };
  const whole = run('whole');
  const silent = { out() {}, error() {}, live: false, columns: 80 };
  const runFile = (name) => {
    const changed = run(`changed ${name}`);
    return (bytes) => {
      writeFileSync(join(changed, name), bytes);
      return tellDifference({ a: changed, b: whole, json: true }, silent);
    };
  };
  const command = new Command().exitOverride();
  addOptions(command, evaluateSchema);
  return {
    onnx: {
      bases: bases.onnxBases(),
      mutate: mutateOnnx,
      read: (bytes) => readOnnx(bytes, folder),
    },
    npy: {
      bases: [bases.npyBase()],
      mutate: mutateText,
      read: (bytes) => readData(write('x.npy', bytes), { labels: join(folder, 'labels.npy') }),
    },
    npz: {
      bases: bases.npzBases(),
      mutate: mutateNpz,
      read: (bytes) => readData(write('x.npz', bytes)),
    },
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
    'cifar bin': {
      bases: [bases.cifarBase()],
      mutate: mutateBytes,
      read: (bytes) => readData(write('test_batch.bin', bytes)),
    },
    'cifar tar.gz': {
      bases: [await bases.cifarArchive()],
      mutate: mutateTarGz,
      read: (bytes) => readData(write('x.tar.gz', bytes)),
    },
    parquet: {
      bases: bases.parquetTables(png),
      mutate: mutateBytes,
      read: (bytes) => readData(write('x.parquet', bytes)),
    },
    'tar shard': {
      bases: [await bases.tarShard(png)],
      mutate: mutateText,
      read: (bytes) => readData(write('x.tar', bytes)),
    },
    'python cifar': {
      bases: bases.pythonBatches(),
      mutate: mutateBytes,
      read: (bytes) => readData(write('test_batch', bytes)),
    },
    coco: {
      bases: [bases.coco()],
      mutate: mutateJson,
      read: (bytes) =>
        openCoco(write('coco.json', bytes), nodeData, { split: 'test' }).then((source) => source.close()),
    },
    jsonl: {
      bases: [Buffer.from('{"file_name": "i.png", "label": 0}\n{"file_name": "./i.png", "label": 1, "x": [1]}\n')],
      mutate: mutateJson,
      read: (bytes) => readData(write('x.jsonl', bytes)),
    },
    'ImageNet labels': {
      bases: [Buffer.from('1\n2\n1\n'), Buffer.from('ImageId,PredictionString\na,n01440764 1 2 3 4\nb,n01443537 \n')],
      mutate: mutateText,
      read: (bytes) => readGroundTruth(bytes.toString(), 'truth.txt'),
    },
    synsets: {
      bases: [Buffer.from('n01440764 tench, Tinca tinca\nn01443537 goldfish\n'), Buffer.from('n02119789 1 kit_fox\n')],
      mutate: mutateText,
      read: (bytes) => readSynsets(bytes.toString(), 'synsets.txt'),
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
        command.parse(['--config', write('options.json', bytes)], {
          from: 'user',
        });
        await optionsFrom(command, evaluateSchema);
      },
    },
    'config.json': {
      bases: [bases.runConfig()],
      mutate: mutateJson,
      read: runFile('config.json'),
    },
    'result.json': {
      bases: [bases.result()],
      mutate: mutateJson,
      read: (bytes) => {
        write('results/result.json', bytes);
        return readResult(nodeFiles, join(folder, 'results'));
      },
    },
    'images.jsonl': {
      bases: [bases.records()],
      mutate: mutateJson,
      read: runFile('images.jsonl'),
    },
    checkpoint: {
      bases: [await bases.checkpoint()],
      mutate: mutateCheckpoint,
      read: (bytes) => decodeCheckpoint(new Uint8Array(bytes), 'checkpoint.bin'),
    },
    'class names': {
      bases: [Buffer.from('cat\ndog\nbird\n'), bases.json({ 0: 'cat', 1: 'dog' }), bases.json(['cat', 'dog'])],
      mutate: mutateText,
      read: (bytes) => parseClassNames(bytes.toString(), 'names.txt'),
    },
  };
}
