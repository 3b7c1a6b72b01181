import { create, toBinary } from '@bufbuild/protobuf';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ModelProtoSchema } from '../../onnx/generated/onnx_pb.ts';
import { readModel } from '../../onnx/read.ts';
import { gradientModel } from '../../model/gradient-model.ts';
import { loadModelFile, openClassifier, readModelFile } from './open.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gimbal-external-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Class k scores w[k]: images of one pixel times weights [1, 3]. */
const WEIGHTS = Float32Array.of(0.5, -2, 4);
const DATA = new Uint8Array([0, 0, 0, 0, 0, ...new Uint8Array(WEIGHTS.buffer)]);

function model(entries: Record<string, string>): Uint8Array {
  const value = (name: string, dims: (string | bigint)[]) => ({
    name,
    type: {
      value: {
        case: 'tensorType' as const,
        value: {
          elemType: 1,
          shape: {
            dim: dims.map((dim) => ({
              value:
                typeof dim === 'string'
                  ? { case: 'dimParam' as const, value: dim }
                  : { case: 'dimValue' as const, value: dim },
            })),
          },
        },
      },
    },
  });
  return toBinary(
    ModelProtoSchema,
    create(ModelProtoSchema, {
      irVersion: 8n,
      opsetImport: [{ version: 17n }],
      graph: {
        name: 'g',
        input: [value('x', ['N', 1n])],
        output: [value('y', ['N', 3n])],
        node: [{ opType: 'MatMul', input: ['x', 'w'], output: ['y'] }],
        initializer: [
          {
            name: 'w',
            dims: [1n, 3n],
            dataType: 1,
            dataLocation: 1,
            externalData: Object.entries(entries).map(([key, value]) => ({ key, value })),
          },
        ],
      },
    }),
  );
}

async function inFolder(name: string, entries: Record<string, string>, data?: Uint8Array): Promise<string> {
  await mkdir(join(folder, name), { recursive: true });
  const path = join(folder, name, 'm.onnx');
  await writeFile(path, model(entries));
  if (data !== undefined) await writeFile(join(folder, name, 'w.data'), data);
  return path;
}

const RIGHT = { location: 'w.data', offset: '5', length: '12' };

test('weights beside the model: it runs, and has gradients', async () => {
  const path = await inFolder('right', RIGHT, DATA);
  const { prepared } = await loadModelFile(path);
  expect(() => gradientModel(prepared.model, prepared.description)).not.toThrow();
  const classifier = await openClassifier({ model: path, threads: 1 });
  try {
    const request = { images: [Float32Array.of(0.5)], trials: [{ image: 0, transformations: [] }] };
    expect(Array.from(await classifier.logits(request))).toEqual([0.25, -1, 2]);
    const { pixels } = await classifier.gradients!(request, [2], 'pixels');
    expect(pixels).toHaveLength(1);
  } finally {
    await classifier.close();
  }
});

test('the fingerprint covers the weights beside the model', async () => {
  const { sha256: one } = await loadModelFile(await inFolder('one', RIGHT, DATA));
  const { sha256: same } = await loadModelFile(await inFolder('same', RIGHT, DATA));
  const { sha256: other } = await loadModelFile(await inFolder('other', RIGHT, DATA.with(5 + 3, 0)));
  expect(same).toBe(one);
  expect(other).not.toBe(one);
});

test('a link to a model whose weights lie beside the file itself, or beside the link', async () => {
  const path = await inFolder('target', RIGHT, DATA);
  await mkdir(join(folder, 'links'));
  await symlink(path, join(folder, 'links', 'm.onnx'));
  await expect(readModelFile(join(folder, 'links', 'm.onnx'), readModel)).resolves.toBeDefined();
});

describe('refused', () => {
  async function expectRefusal(name: string, entries: Record<string, string>, problem: string): Promise<void> {
    const path = await inFolder(name, entries, DATA);
    await expect(readModelFile(path, readModel)).rejects.toMatchObject({
      kind: 'misuse',
      issue: { subject: "initializer 'w'", problem: expect.stringContaining(problem) as string },
    });
  }

  test('a file that is missing', () =>
    expectRefusal(
      'missing',
      { ...RIGHT, location: 'v.data' },
      "kept in 'v.data', which is missing from the model's folder",
    ));

  test('paths out of the folder, also to files that are not there', async () => {
    await writeFile(join(folder, 'secret.data'), DATA);
    for (const location of [
      '../secret.data',
      'sub/../../secret.data',
      '..',
      join(folder, 'secret.data'),
      '/dev/zero',
      'w.data\0',
      '..\\secret.data',
    ])
      await expectRefusal('out', { ...RIGHT, location }, "not inside the model's folder");
  });

  test('links that leave the folder; those that stay in it are followed', async () => {
    const path = await inFolder('linked', { ...RIGHT, location: 'link.data' }, DATA);
    await symlink(join(folder, 'secret.data'), join(folder, 'linked', 'link.data'));
    await expectRefusal('linked', { ...RIGHT, location: 'link.data' }, 'not inside');
    await rm(join(folder, 'linked', 'link.data'));
    await symlink('w.data', join(folder, 'linked', 'link.data'));
    await expect(readModelFile(path, readModel)).resolves.toBeDefined();
    await symlink('/dev/zero', join(folder, 'linked', 'zero.data'));
    await expectRefusal('linked', { ...RIGHT, location: 'zero.data' }, 'not inside');
    await symlink(folder, join(folder, 'linked', 'up'));
    await expectRefusal('linked', { ...RIGHT, location: 'up/secret.data' }, 'not inside');
  });

  test('ranges that are not in the file, or are none', async () => {
    await expectRefusal('range', { ...RIGHT, offset: '6' }, "bytes 6 to 18 of 'w.data', which has only 17");
    await expectRefusal('range', { ...RIGHT, length: '13' }, "holds 13 bytes of 'w.data' where its shape asks for 12");
    await expectRefusal('range', { ...RIGHT, offset: '-1' }, "from '-1' on, which is no whole number");
    await expectRefusal('range', { ...RIGHT, offset: '9007199254740990' }, 'which has only 17');
    await expectRefusal('range', { offset: '0' }, 'does not say where');
  });

  test('a folder in the place of the file', async () => {
    const path = await inFolder('folder', { ...RIGHT, location: 'inner' });
    await mkdir(join(folder, 'folder', 'inner'));
    await expect(readModelFile(path, readModel)).rejects.toMatchObject({
      kind: 'misuse',
      issue: { problem: 'is a folder, not a file.' },
    });
  });

  test('bytes alone', () => {
    expect(() => readModel(model(RIGHT))).toThrow("kept outside the model, in 'w.data', which did not come with it");
  });
});
