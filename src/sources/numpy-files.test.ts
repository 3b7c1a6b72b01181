import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { npyFile } from '../testing/data-files.ts';
import { openSource } from '../node/data/open.ts';

/** Files that NumPy itself wrote; tools/reference/data.py. */
const FILES = {
  savez:
    'UEsDBC0AAAAAAAAAIQBHpWI0//////////8KABQAeF90ZXN0Lm5weQEAEACkAAAAAAAAAKQAAAAAAAAAk05VTVBZAQB2AHsnZGVzY3InOiAnfHUxJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDMsIDIsIDIsIDMpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoABw4VHCMqMTg/Rk1UW2JpcHd+hYyTmqGor7a9xMvS2eDn7vVQSwMELQAAAAAAAAAhAIoazhP//////////woAFAB5X3Rlc3QubnB5AQAQAJgAAAAAAAAAmAAAAAAAAACTTlVNUFkBAHYAeydkZXNjcic6ICc8aTgnLCAnZm9ydHJhbl9vcmRlcic6IEZhbHNlLCAnc2hhcGUnOiAoMywpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgCgIAAAAAAAAAAAAAAAAAAAABAAAAAAAAAFBLAQItAy0AAAAAAAAAIQBHpWI0pAAAAKQAAAAKAAAAAAAAAAAAAACAAQAAAAB4X3Rlc3QubnB5UEsBAi0DLQAAAAAAAAAhAIoazhOYAAAAmAAAAAoAAAAAAAAAAAAAAIAB4AAAAHlfdGVzdC5ucHlQSwUGAAAAAAIAAgBwAAAAtAEAAAAA',
  compressed:
    'UEsDBC0AAAAIAAAAIQBHpWI0//////////8KABQAeF90ZXN0Lm5weQEAEACkAAAAAAAAAG8AAAAAAAAAm+wX6hsQychQxlCtnpJanFykbqWgXlNqqK6joJ6WX1RSlJgXn1+UkgoSd0vMKU4FihdnJBakAvkaxjoKRmBkrKmjUKtABuBiYOcTlVHWMrSwd/MNiU7KLCiva+2ZPGvhivXb9h45fenmg+fvvgIAUEsDBC0AAAAIAAAAIQCKGs4T//////////8KABQAeV90ZXN0Lm5weQEAEACYAAAAAAAAAEoAAAAAAAAAm+wX6hsQychQxlCtnpJanFykbqWgbpNpoa6joJ6WX1RSlJgXn1+UkgoSd0vMKU4FihdnJBakAvkaxjqaOgq1ChQALiYGVMAIpQFQSwECLQMtAAAACAAAACEAR6ViNG8AAACkAAAACgAAAAAAAAAAAAAAgAEAAAAAeF90ZXN0Lm5weVBLAQItAy0AAAAIAAAAIQCKGs4TSgAAAJgAAAAKAAAAAAAAAAAAAACAAasAAAB5X3Rlc3QubnB5UEsFBgAAAAACAAIAcAAAADEBAAAAAA==',
  float64:
    'k05VTVBZAQB2AHsnZGVzY3InOiAnPGY4JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDEsIDIsIDIpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAAAAAAAAAAAAAAANA/AAAAAAAA4D8AAAAAAADwPw==',
  fortran:
    'k05VTVBZAQB2AHsnZGVzY3InOiAnfHUxJywgJ2ZvcnRyYW5fb3JkZXInOiBUcnVlLCAnc2hhcGUnOiAoMiwgMyksIH0gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAAAAA=',
  bigEndian:
    'k05VTVBZAQB2AHsnZGVzY3InOiAnPmY0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsKSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAAAAAAAA==',
  objects:
    'k05VTVBZAQB2AHsnZGVzY3InOiAnfE8nLCAnZm9ydHJhbl9vcmRlcic6IEZhbHNlLCAnc2hhcGUnOiAoMiwpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAqABJWQAAAAAAAAAIwWbnVtcHkuX2NvcmUubXVsdGlhcnJheZSMDF9yZWNvbnN0cnVjdJSTlIwFbnVtcHmUjAduZGFycmF5lJOUSwCFlEMBYpSHlFKUKEsBSwKFlGgDjAVkdHlwZZSTlIwCTziUiYiHlFKUKEsDjAF8lE5OTkr/////Sv////9LP3SUYoldlChLAYwBYZRldJRiLg==',
  scalar:
    'k05VTVBZAQB2AHsnZGVzY3InOiAnfHUxJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKCksIH0gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoD',
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gimbal-test-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function put(name: string, base64: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, Buffer.from(base64, 'base64'));
  return path;
}

describe('files written by NumPy', () => {
  it.each(['savez', 'compressed'] as const)('reads an archive of %s', async (kind) => {
    const path = await put(`${kind}.npz`, FILES[kind]);
    const source = await openSource(path, { split: 'test' });
    expect(source).toMatchObject({
      name: `${kind}.npz test`,
      length: 3,
      classes: 3,
      shape: { channels: 3, height: 2, width: 2 },
    });
    const images = await source.read([0, 2]);
    expect(images.map(({ index, label }) => [index, label])).toEqual([
      [0, 2],
      [2, 1],
    ]);
    // x[n, y, x, c] is 7 times its running number, stored N×H×W×C.
    images.forEach(({ pixels, index }) =>
      pixels.forEach((value, at) =>
        expect(value * 255).toBeCloseTo(7 * (index * 12 + (at % 4) * 3 + Math.floor(at / 4)), 3),
      ),
    );
    await source.close();
  });

  it('has one fingerprint for one content, stored or compressed', async () => {
    const prints = [];
    for (const kind of ['savez', 'compressed'] as const) {
      const source = await openSource(await put('one.npz', FILES[kind]), { split: 'test' });
      prints.push(source.fingerprint);
      await source.close();
    }
    expect(prints[0]).toBe(prints[1]);
  });

  it('reads float64 values as they are, with labels named by an option', async () => {
    const labels = await put('one-label.npy', npy('|u1', '(1,)', [4]));
    const source = await openSource(await put('floats.npy', FILES.float64), { split: 'test', labels });
    const [image] = await source.read([0]);
    expect([image.label, ...image.pixels]).toEqual([4, 0, 0.25, 0.5, 1]);
    await source.close();
  });

  it('finds the labels beside', async () => {
    await put('Y_test.npy', npy('|u1', '(1, 1)', [0]));
    const source = await openSource(await put('X_test.npy', FILES.float64), { split: 'test' });
    expect(source.length).toBe(1);
    await source.close();
    const byFolder = await openSource(folder, { split: 'test' });
    expect(byFolder.fingerprint).toBe(source.fingerprint);
    await byFolder.close();
  });

  it.each([
    ['fortran', FILES.fortran, 'array-shape', /2×3/],
    ['big-endian', FILES.bigEndian, 'array-shape', /dimensions 2;/],
    ['objects', FILES.objects, 'unsupported-type', /\\|O/],
    ['scalar', FILES.scalar, 'array-shape', /N×H×W/],
    [
      'int64',
      npy('<i8', '(1, 1, 1)', [0, 0, 0, 0, 0, 0, 0, 0]),
      'pixel-range',
      /int64.*'pixel-range': '0,1' for masks/,
    ],
    ['cut', npy('|u1', '(1, 2, 2)', [1, 2, 3]), 'wrong-size', /cut short/],
    ['long', npy('|u1', '(1, 1, 2)', [1, 2, 3]), 'wrong-size', /longer/],
    ['two channels', npy('|u1', '(1, 2, 1, 2)', [1, 2, 3, 4]), 'array-shape', /1×2×1×2/],
    ['many', npy('|u1', '(2, 1, 1)', [1, 2]), 'count-mismatch', /1 labels.*2 images/],
    ['none', npy('|u1', '(0, 1, 1)', []), 'count-mismatch', /1 labels/],
    ['text', Buffer.from('hello, this is no array').toString('base64'), 'wrong-format', /NUMPY/],
  ])('refuses an array: %s', async (name, content, code, message) => {
    const labels = await put('label.npy', npy('|u1', '(1,)', [0]));
    const error = await openSource(await put(`${name}.npy`, content), { split: 'test', labels }).catch(
      (reason) => reason,
    );
    expect(error).toMatchObject({ kind: 'misuse', issue: { code } });
    expect(error.message).toMatch(message);
  });

  it('names floats outside [0, 1], and the image', async () => {
    const labels = await put('labels2.npy', npy('|u1', '(2,)', [0, 0]));
    const values = new Uint8Array(Float32Array.of(0.5, 200).buffer);
    const path = await put('range.npy', npy('<f4', '(2, 1, 1)', [...values]));
    await expect(openSource(path, { split: 'test', labels })).rejects.toThrow(
      /to 200 \(image 1\).*'pixel-range': '0,255'/,
    );
    const source = await openSource(path, { split: 'test', labels, pixelRange: { black: 0, white: 255 } });
    expect((await source.read([1]))[0].pixels[0]).toBeCloseTo(200 / 255, 6);
    await source.close();
  });

  it('names images with values that are no numbers, and leaves them out where it is told to', async () => {
    const labels = await put('labels3.npy', npy('|u1', '(3,)', [0, 1, 2]));
    const values = new Uint8Array(Float32Array.of(0.5, NaN, 1).buffer);
    const path = await put('nan.npy', npy('<f4', '(3, 1, 1)', [...values]));
    const source = await openSource(path, { split: 'test', labels });
    expect(source.faults).toMatchObject([{ position: 1, reason: 'it has a pixel of value NaN' }]);
    await expect(source.read([0, 1])).rejects.toThrow(/nan.npy, image 1: cannot be read.*NaN/);
    await source.close();
    const rest = await openSource(path, { split: 'test', labels, skipUnreadable: true });
    expect((await rest.read([0, 1, 2])).map(({ label }) => label)).toEqual([0, 2]);
    expect(rest.skipped).toHaveLength(1);
    await rest.close();
  });

  it.each([
    ['|b1', 1, [0, 1, 1, 0, 0, 1], [0, 1, 1, 0, 0, 1]],
    ['>u2', 2, [0, 0, 0, 255, 0, 51, 0, 0, 0, 102, 0, 204], [0, 1, 0.2, 0, 0.4, 0.8]],
    ['<i8', 8, [0, 255, 51, 0, 102, 204].flatMap((value) => [value, 0, 0, 0, 0, 0, 0, 0]), [0, 1, 0.2, 0, 0.4, 0.8]],
    ['<f2', 2, [0, 0, 0, 0x3c, 0, 0x38, 0, 0, 0, 0x38, 0, 0x34], [0, 1, 0.5, 0, 0.5, 0.25]],
  ])('reads images of type %s, in both orders', async (type, size, stored, expected) => {
    const bytes = Uint8Array.from(stored);
    const labels = await put('order-labels.npy', npy('>i2', '(3,)', [0, 0, 3, 231, 0, 1]));
    // The last index of (3, 1, 2) runs fastest; in Fortran order the first does.
    const turned = Buffer.concat([0, 2, 4, 1, 3, 5].map((at) => bytes.subarray(at * size, (at + 1) * size)));
    const read = async (content: Buffer) => {
      await writeFile(join(folder, 'order.npy'), content);
      const source = await openSource(join(folder, 'order.npy'), { split: 'test', labels });
      const images = await source.read([0, 1, 2]);
      await source.close();
      expect(images.map(({ label }) => label)).toEqual([0, 999, 1]);
      return images.flatMap(({ pixels }) => [...pixels]).map((value) => Number(value.toFixed(6)));
    };
    expect(await read(npyFile(type, '(3, 1, 2)', bytes))).toEqual(expected);
    expect(await read(npyFile(type, '(3, 1, 2)', turned, 'True'))).toEqual(expected);
  });

  it('reads one-hot labels', async () => {
    const labels = await put('onehot.npy', npy('|u1', '(1, 3)', [0, 1, 0]));
    const source = await openSource(await put('image.npy', FILES.float64), { split: 'test', labels });
    expect([(await source.read([0]))[0].label, source.classes]).toEqual([1, 3]);
    await source.close();
  });

  it.each([
    ['probabilities', npy('<f4', '(1, 2)', [...new Uint8Array(Float32Array.of(0.25, 0.75).buffer)]), /argmax/],
    ['several', npy('|u1', '(1, 3)', [0, 1, 1]), /image 0 \(0, 1, 1\) are not one 1 among zeros/],
    ['negative', npy('|i1', '(1,)', [255]), /label -1/],
    ['fractions', npy('<f4', '(1,)', [...new Uint8Array(Float32Array.of(0.5).buffer)]), /label 0.5/],
  ])('refuses labels: %s', async (name, content, message) => {
    const labels = await put(`labels-${name}.npy`, content);
    await expect(openSource(await put('image.npy', FILES.float64), { split: 'test', labels })).rejects.toThrow(message);
  });

  it('says which arrays an archive has where it knows none of them, and that a cut archive is cut', async () => {
    const path = await put('pair.npz', FILES.savez);
    await expect(openSource(path, { split: 'train' })).rejects.toThrow(/train split among its arrays: x_test, y_test/);
    const damaged = Buffer.from(FILES.compressed, 'base64').fill(0xff, 70, 120).toString('base64');
    await expect(openSource(await put('damaged.npz', damaged), { split: 'test' })).rejects.toMatchObject({
      issue: { code: 'damaged-file' },
    });
    const cut = await put('cut.npz', Buffer.from(FILES.savez, 'base64').subarray(0, 300).toString('base64'));
    await expect(openSource(cut, { split: 'test' })).rejects.toThrow(/cut.npz: /);
  });
});

/** A NumPy file, as base64. */
const npy = (type: string, shape: string, bytes: number[]): string =>
  npyFile(type, shape, Uint8Array.from(bytes)).toString('base64');
