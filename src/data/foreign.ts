import { misuse } from '../errors/error.ts';

/** What is not read, by the names of files, and how it becomes something that is. */
interface Foreign {
  readonly names: RegExp;
  readonly what: string;
  readonly advice: string;
}

/**
 * To be run by hand where the Python version of CIFAR lies; no path stands in it, which a shell could take for more.
 */
const CIFAR10 =
  `python -c "import pickle, numpy as np; load = lambda f: pickle.load(open(f, 'rb'), encoding='bytes'); ` +
  `train = [load(f'data_batch_{i}') for i in range(1, 6)]; test = [load('test_batch')]; ` +
  `np.savez('cifar10.npz', **{k + '_' + s: v for s, b in (('train', train), ('test', test)) for k, v in ` +
  `(('x', np.concatenate([d[b'data'] for d in b]).reshape(-1, 3, 32, 32)), ('y', ` +
  `np.concatenate([d[b'labels'] for d in b])))})"`;
const CIFAR100 =
  `python -c "import pickle, numpy as np; load = lambda f: pickle.load(open(f, 'rb'), encoding='bytes'); ` +
  `np.savez('cifar100.npz', **{k + '_' + s: v for s in ('train', 'test') for d in (load(s),) for k, v in ` +
  `(('x', d[b'data'].reshape(-1, 3, 32, 32)), ('y', np.array(d[b'fine_labels'])))})"`;

const ARRAYS =
  "Save the images and labels in Python with numpy.savez('data.npz', images=IMAGES, labels=LABELS), and give data.npz.";
const FILES: readonly Foreign[] = [
  { names: /\.zip$/i, what: 'a ZIP archive', advice: 'Unpack it, and give the folder.' },
  {
    names: /\.(tar|tar\.(bz2|xz|zst)|tbz|txz|7z|rar)$/i,
    what: 'an archive',
    advice: 'Unpack it, and give the folder.',
  },
  { names: /\.mat$/i, what: 'a Matlab file', advice: `Read it with scipy.io.loadmat. ${ARRAYS}` },
  { names: /\.(pkl|pickle|p)$/i, what: 'a Python pickle', advice: `Reading it would execute what it says. ${ARRAYS}` },
  { names: /\.(pt|pth)$/i, what: 'a PyTorch file', advice: `Reading it would execute what it says. ${ARRAYS}` },
  { names: /\.(h5|hdf5|hdf)$/i, what: 'an HDF5 file', advice: `Read it with h5py. ${ARRAYS}` },
  {
    names: /\.(parquet|arrow|feather)$/i,
    what: 'a table of Arrow or Parquet',
    advice: `Read it with pandas or datasets. ${ARRAYS}`,
  },
  { names: /\.tfrecords?(-\d+-of-\d+)?$/i, what: 'a TFRecord file', advice: `Read it with TensorFlow. ${ARRAYS}` },
  { names: /\.(mdb|lmdb)$/i, what: 'an LMDB data base', advice: `Read it with lmdb. ${ARRAYS}` },
  {
    names: /\.(jsonl?|ya?ml|xml|txt|xlsx?)$/i,
    what: 'a list of another form',
    advice: 'Write it as a CSV file with the columns path,label.',
  },
];

/** Refuses a file of a known kind that is not read. @returns `undefined` where its name tells nothing */
export function foreignFile(path: string): Error | undefined {
  const known = FILES.find(({ names }) => names.test(path));
  return known && foreign(path, `is ${known.what}, which is not read.`, known.advice);
}

/** Refuses a pickle, whatever its name. */
export function pickled(path: string): Error {
  return foreign(path, 'is a Python pickle, which is not read.', `Reading it would execute what it says. ${ARRAYS}`);
}

/** Whether a folder holds the Python version of CIFAR. */
export function isPythonCifar(names: readonly string[]): boolean {
  return isCifar10(names) || isCifar100(names);
}

const isCifar10 = (names: readonly string[]): boolean => names.includes('data_batch_1') && names.includes('test_batch');
const isCifar100 = (names: readonly string[]): boolean =>
  ['train', 'test', 'meta'].every((name) => names.includes(name));

/** @throws misuse `foreign-format` that says how to convert what a folder holds, where that is known */
export function refuseForeignFolder(folder: string, names: readonly string[]): void {
  if (isPythonCifar(names)) {
    const ten = isCifar10(names);
    throw foreign(
      folder,
      `holds the Python version of CIFAR-${ten ? '10' : '100'}, which is not read: ` +
        'reading it would execute what it says.',
      ten
        ? 'Give --data cifar10, which fetches the binary version, or run this in the folder and give its ' +
            `cifar10.npz: ${CIFAR10}`
        : `Give the binary version, or run this in the folder and give its cifar100.npz: ${CIFAR100}`,
    );
  }
  const known = FILES.find((one) => names.some((name) => one.names.test(name) && !/^(readme|license)/i.test(name)));
  if (known === undefined) return;
  const found = names.filter((name) => known.names.test(name));
  throw foreign(
    folder,
    'holds no images and labels that are read, but ' +
      `${found.length === 1 ? '' : `${found.length} files such as `}${found[0]}, ${known.what}.`,
    known.advice,
  );
}

function foreign(subject: string, problem: string, advice: string): Error {
  return misuse({ code: 'foreign-format', subject, problem, advice });
}
