import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Bytes of an IDX file of unsigned bytes (http://yann.lecun.com/exdb/mnist). */
export function idxFile(dims: readonly number[], values: ArrayLike<number>): Buffer {
  const header = Buffer.alloc(4 + 4 * dims.length);
  header.writeUInt32BE(0x800 + dims.length);
  dims.forEach((dim, i) => header.writeUInt32BE(dim, 4 + 4 * i));
  return Buffer.concat([header, Buffer.from(Array.from(values))]);
}

/**
 * Bytes of a NumPy file, version 1.0.
 * @param type as `<f4`
 * @param shape as `(2, 3)`
 */
export function npyFile(type: string, shape: string, values: Uint8Array = new Uint8Array(), fortran = 'False'): Buffer {
  const header = `{'descr': '${type}', 'fortran_order': ${fortran}, 'shape': ${shape}, }\n`;
  return Buffer.concat([
    Buffer.from('\x93NUMPY\x01\x00', 'latin1'),
    Buffer.from([header.length & 255, header.length >> 8]),
    Buffer.from(header),
    values,
  ]);
}

/**
 * A folder with the two test files of an MNIST-style data set: `count` grey squares with smooth patterns and labels in
 * turn.
 */
export async function writeIdxFolder(folder: string, count: number, side: number, classes: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  const pixels = Array.from({ length: count * side * side }, (_, i) =>
    Math.round(127 + 127 * Math.sin(i * 0.37 + Math.floor(i / (side * side)))),
  );
  await writeFile(join(folder, 't10k-images-idx3-ubyte'), idxFile([count, side, side], pixels));
  await writeFile(
    join(folder, 't10k-labels-idx1-ubyte'),
    idxFile(
      [count],
      Array.from({ length: count }, (_, i) => i % classes),
    ),
  );
}
