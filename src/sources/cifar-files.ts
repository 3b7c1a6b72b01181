import { joinBytes } from '../data/bytes.ts';
import type { ByteReader } from '../data/bytes.ts';
import { cifarKinds } from '../data/cifar-kind.ts';
import { CIFAR10, CIFAR100, cifarLayout, scanCifar } from '../data/cifar.ts';
import { CIFAR10_CLASSES } from '../data/class-names.ts';
import { checkLabels } from '../data/labels.ts';
import { refusePixelRange } from '../data/open-options.ts';
import type { OpenOptions } from '../data/open-options.ts';
import { recordSource } from '../data/record-source.ts';
import type { ImageSource } from '../data/source.ts';
import { misuse } from '../errors/error.ts';
import type { TarMember } from './data-files.ts';
import type { Opening } from './data-platform.ts';
import { openPythonBatches, pythonFile } from './python-cifar-files.ts';

/** The files of the binary versions, by split. */
const FILES = {
  test: /^(test_batch|test)\.bin$/,
  train: /^(data_batch_\d+|train)\.bin$/,
};

/** The files of CIFAR-10 have other names than the two of CIFAR-100. */
const OF_CIFAR10 = /_batch/;

export function isCifarFolder(names: readonly string[]): boolean {
  return names.some((name) => FILES.test.test(name) || FILES.train.test(name));
}

/** @throws misuse `missing-split`, `wrong-size`, `label-out-of-range`, `image-shape` */
export async function openCifarFolder(
  folder: string,
  names: readonly string[],
  opening: Opening,
  options: OpenOptions,
): Promise<ImageSource> {
  const { disk, files } = opening;
  const batches = names.filter((name) => FILES[options.split].test(name)).sort();
  const bytes = await Promise.all(batches.map((name) => files.bytes(disk.join(folder, name))));
  return openBatches(folder, batches, bytes, opening, options);
}

/** Opens one batch file, whatever the split. */
export async function openCifarFile(path: string, opening: Opening, options: OpenOptions): Promise<ImageSource> {
  const name = opening.disk.nameOf(path);
  return openBatches(path, [name], [await opening.files.bytes(path)], opening, options, name);
}

/**
 * Opens the official archive (`cifar-10-binary.tar.gz`) or one like it.
 * @throws misuse `cut-file`, `damaged-file`, and as above
 */
export async function openCifarArchive(
  path: string,
  opening: Opening,
  options: OpenOptions,
  name?: string,
): Promise<ImageSource> {
  const { files } = opening;
  const found = new Map<string, ByteReader>();
  const python = new Map<string, ByteReader>();
  await files.walkTar(await files.plain(path), async (member) => {
    options.signal?.throwIfAborted();
    const batch = lastOf(member);
    const of = FILES[options.split].test(batch) ? found : python;
    if (of === python && pythonFile(batch, options.split) === undefined) return;
    if (of.has(batch)) throw twice(path, batch);
    of.set(batch, await files.keep(`${path} › ${batch}`, member.pieces));
  });
  if (found.size === 0 && python.size > 0) return openPythonBatches(path, python, opening, options, name);
  const batches = [...found.keys()].sort();
  return openBatches(
    path,
    batches,
    batches.map((batch) => found.get(batch)!),
    opening,
    options,
    name,
  );
}

/** Whether an archive holds batches of CIFAR in either version, by the names of its members. */
export async function holdsCifar(path: string, { files }: Opening): Promise<boolean> {
  let found = false;
  await files.walkTar(await files.bytes(path), (member) => {
    const name = lastOf(member);
    found ||= [FILES.test, FILES.train].some((names) => names.test(name)) || /^(data|test)_batch/.test(name);
  });
  return found;
}

/** The name of a member without the folders that it lies in. */
const lastOf = ({ name }: TarMember): string => name.slice(name.lastIndexOf('/') + 1);

function twice(path: string, batch: string): Error {
  return misuse({
    code: 'ambiguous-data',
    subject: path,
    problem: `holds several files named ${batch}.`,
    advice: 'Unpack it and give the folder of the one that is meant.',
  });
}

async function openBatches(
  place: string,
  names: readonly string[],
  batches: readonly ByteReader[],
  opening: Opening,
  options: OpenOptions,
  name = `${opening.disk.titleOf(place)} ${options.split}`,
): Promise<ImageSource> {
  refusePixelRange(place, options);
  if (batches.length === 0) {
    throw misuse({
      code: 'missing-split',
      subject: place,
      problem:
        `has no ${options.split} batches ` +
        `(${options.split === 'test' ? 'test_batch.bin' : 'data_batch_1.bin and on'}; for CIFAR-100, ` +
        `${options.split}.bin).`,
      advice: 'The binary and the Python version of CIFAR are read, not the one for Matlab.',
    });
  }
  // Contents tell more than names; where both versions are possible, or neither, the name does.
  const kinds = await cifarKinds(batches[0]);
  const cifar10 = kinds.length === 1 ? kinds[0] === CIFAR10 : OF_CIFAR10.test(names[0]);
  const kind = cifar10 ? CIFAR10 : CIFAR100;
  const hash = opening.sha256();
  const labels: number[] = [];
  for (const batch of batches) {
    const scanned = await scanCifar(batch, kind, (piece) => {
      options.signal?.throwIfAborted();
      hash.update(piece);
    });
    checkLabels(scanned, batch.name, kind.classes);
    for (const label of scanned) labels.push(label);
  }
  return recordSource(
    {
      name,
      bytes: joinBytes(place, batches),
      layout: cifarLayout(kind),
      labels,
      classes: kind.classes,
      promised: kind.classes,
      classNames: cifar10 ? CIFAR10_CLASSES : undefined,
      fingerprint: hash.digest(),
      close: () => opening.files.close(),
    },
    options,
    options.shape,
  );
}
