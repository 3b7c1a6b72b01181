import { misuse } from '../errors/error.ts';

/** What is not read, by the names of files, and how it becomes something that is. */
interface Foreign {
  readonly names: RegExp;
  readonly what: string;
  readonly advice: string;
}

const ARRAYS =
  "Save the images and labels in Python with numpy.savez('data.npz', images=IMAGES, labels=LABELS), and give data.npz.";
const FILES: readonly Foreign[] = [
  { names: /\.zip$/i, what: 'a ZIP archive', advice: 'Unpack it, and give the folder.' },
  {
    names: /\.(tar\.(bz2|xz|zst)|tbz|txz|7z|rar)$/i,
    what: 'an archive',
    advice: 'Unpack it, and give the folder.',
  },
  { names: /\.mat$/i, what: 'a Matlab file', advice: `Read it with scipy.io.loadmat. ${ARRAYS}` },
  { names: /\.(pkl|pickle|p)$/i, what: 'a Python pickle', advice: `Reading it would execute what it says. ${ARRAYS}` },
  { names: /\.(pt|pth)$/i, what: 'a PyTorch file', advice: `Reading it would execute what it says. ${ARRAYS}` },
  { names: /\.(h5|hdf5|hdf)$/i, what: 'an HDF5 file', advice: `Read it with h5py. ${ARRAYS}` },
  {
    names: /\.(arrow|feather)$/i,
    what: 'a table of Arrow',
    advice: `Read it with pandas or datasets. ${ARRAYS}`,
  },
  { names: /\.tfrecords?(-\d+-of-\d+)?$/i, what: 'a TFRecord file', advice: `Read it with TensorFlow. ${ARRAYS}` },
  { names: /\.(mdb|lmdb)$/i, what: 'an LMDB data base', advice: `Read it with lmdb. ${ARRAYS}` },
  {
    names: /\.(json|ya?ml|xml|txt|xlsx?)$/i,
    what: 'a list of another form',
    advice: 'Write it as a CSV file with the columns path,label.',
  },
];

/** Refuses a file of a known kind that is not read. @returns `undefined` where its name tells nothing */
export function foreignFile(path: string): Error | undefined {
  const known = FILES.find(({ names }) => names.test(path));
  return known && foreign(path, `is ${known.what}, which is not read.`, known.advice);
}

/** @throws misuse `foreign-format` that says how to convert what a folder holds, where that is known */
export function refuseForeignFolder(folder: string, names: readonly string[]): void {
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
