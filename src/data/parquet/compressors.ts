import { gunzipSync } from 'fflate';
import { decompress as unpackZstd } from 'fzstd';
import type { Compressors } from 'hyparquet';

type Unpack = (input: Uint8Array, size: number) => Uint8Array;

/** The codecs that data sets use beside Snappy, which the library has in itself. */
const USUAL: Readonly<Record<string, Unpack>> = {
  ZSTD: (input, size) => unpackZstd(input, new Uint8Array(size)),
  GZIP: (input, size) => gunzipSync(input, { out: new Uint8Array(size) }),
};

/**
 * What unpacks the pages of a table. What is needed rarely is loaded when a table needs it.
 * @param codecs of the table's columns
 */
export async function compressorsFor(codecs: ReadonlySet<string>): Promise<Compressors> {
  const known = [...codecs].filter((codec) => codec !== 'UNCOMPRESSED' && codec !== 'SNAPPY');
  const rare = known.some((codec) => USUAL[codec] === undefined)
    ? ((await import('hyparquet-compressors')).compressors as Readonly<Record<string, Unpack>>)
    : {};
  return Object.fromEntries(
    known.flatMap((codec) => {
      const unpack = USUAL[codec] ?? rare[codec];
      return unpack === undefined ? [] : [[codec, unpack] as const];
    }),
  );
}
