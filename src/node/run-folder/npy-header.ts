/*
 * NumPy's file format 1.0 for a float32 matrix, so that kept losses can be loaded by anything that reads `.npy`.
 * https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */

/** Always as long, so that the number of rows can be set again in place. */
export const NPY_HEADER_BYTES = 128;
const PREFIX = Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);

export function npyHeader(rows: number, columns: number): Buffer {
  const header = Buffer.alloc(NPY_HEADER_BYTES, ' ');
  PREFIX.copy(header);
  header.writeUInt16LE(NPY_HEADER_BYTES - PREFIX.length - 2, PREFIX.length);
  header.write(
    `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, ${columns}), }`,
    PREFIX.length + 2,
    'latin1',
  );
  header.write('\n', NPY_HEADER_BYTES - 1, 'latin1');
  return header;
}

/** Columns of a matrix that `npyHeader` began, or `undefined` for anything else. */
export function npyColumns(header: Buffer): number | undefined {
  const columns = /'descr': '<f4', .*'shape': \(\d+, (\d+)\)/.exec(header.toString('latin1'))?.[1];
  return header.subarray(0, PREFIX.length).equals(PREFIX) && columns !== undefined ? Number(columns) : undefined;
}
