import { createInflateRaw } from 'node:zlib';
import * as yauzl from 'yauzl';
import { sliceBytes } from '../../data/bytes.ts';
import { misuse } from '../../errors/error.ts';
import type { PackedBytes } from '../../sources/packed-bytes.ts';
import type { OpenFiles } from './open-files.ts';
import { damaged, damagedFile, deflatedBytes, storedBytes } from './packed-bytes.ts';

/** Methods of packing, by their number in the format (PKWARE, APPNOTE.TXT, section 4.4.5). */
const METHODS = new Map([
  [9, 'Deflate64'],
  [12, 'bzip2'],
  [14, 'LZMA'],
  [93, 'Zstandard'],
  [95, 'XZ'],
]);
const ENCRYPTED = 1;
/** The sizes and the checksum follow the data. */
const SIZES_FOLLOW = 8;
/** The true size stands in an extra field (zip64). */
const IN_EXTRA_FIELD = 0xffffffff;

/**
 * The members of a zip archive, by name. The directory at its end and the header before each member have to say the
 * same; the
 * bytes of a member are checked when it is unpacked.
 * @throws misuse `damaged-file`, `cut-file`, and of a member that cannot be unpacked when it is opened
 */
export async function openZip(
  path: string,
  files: OpenFiles,
): Promise<ReadonlyMap<string, () => Promise<PackedBytes>>> {
  const whole = await files.plain(path);
  const archive = await yauzl.openPromise(path, { autoClose: false }).catch((error) => {
    throw damaged(path, error);
  });
  await files.closing(async () => archive.close());
  const members = new Map<string, () => Promise<PackedBytes>>();
  try {
    for await (const entry of archive.eachEntry()) members.set(entry.fileName, () => open(entry));
  } catch (error) {
    throw damaged(path, error);
  }
  return members;

  async function open(entry: yauzl.Entry): Promise<PackedBytes> {
    const name = `${path} › ${entry.fileName}`;
    const { compressionMethod: method, compressedSize, uncompressedSize: size, crc32 } = entry;
    if ((entry.generalPurposeBitFlag & ENCRYPTED) !== 0) throw unsupported(name, 'encrypted');
    if (method !== 0 && method !== 8) throw unsupported(name, `packed by ${METHODS.get(method) ?? `method ${method}`}`);
    const header = await archive.readLocalFileHeaderPromise(entry).catch((error) => {
      throw damaged(name, error);
    });
    compareHeaders(name, entry, header);
    const packed = sliceBytes(name, whole, header.fileDataStart, compressedSize);
    if (method === 8) return deflatedBytes(name, packed, createInflateRaw, { size, crc32 }, files.keep);
    if (compressedSize !== size) throw damagedFile(name, `is stored as ${compressedSize} bytes and declares ${size}`);
    return storedBytes(packed, { size, crc32 });
  }
}

/** @throws misuse `damaged-file` where the header before a member contradicts the directory */
function compareHeaders(name: string, entry: yauzl.Entry, header: yauzl.LocalFileHeader): void {
  const sizesFollow = (header.generalPurposeBitFlag & SIZES_FOLLOW) !== 0;
  const pairs: [string, number, number][] = [
    ['method', header.compressionMethod, entry.compressionMethod],
    ['encryption', header.generalPurposeBitFlag & ENCRYPTED, entry.generalPurposeBitFlag & ENCRYPTED],
    ...(sizesFollow
      ? []
      : ([
          ['CRC-32', header.crc32, entry.crc32],
          ['packed size', header.compressedSize, entry.compressedSize],
          ['size', header.uncompressedSize, entry.uncompressedSize],
        ] as [string, number, number][])),
  ];
  for (const [what, before, inDirectory] of pairs) {
    if (before !== inDirectory && before !== IN_EXTRA_FIELD)
      throw damagedFile(name, `has the ${what} ${before} in its own header and ${inDirectory} in the directory`);
  }
  if (!header.fileName.equals(entry.fileNameRaw)) throw damagedFile(name, 'has another name in its own header');
}

function unsupported(name: string, how: string): Error {
  return misuse({
    code: 'unsupported-packing',
    subject: name,
    problem: `is ${how}; members that are stored or packed by Deflate are read.`,
    advice: 'Save the arrays with numpy.savez or numpy.savez_compressed.',
  });
}
