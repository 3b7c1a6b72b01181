import { CIFAR10_CLASSES, DIGITS, FASHION } from '../data/class-names.ts';
import { md5Of } from '../digest/md5.ts';
import type { Disk } from '../ports/disk.ts';

export interface OfficialFile {
  readonly name: string;
  /** Published MD5 of the file as it is downloaded. */
  readonly md5: string;
  /** The same file at several places, tried in order. */
  readonly urls: readonly string[];
}

/** A public data set that is downloaded by name. */
export interface OfficialData {
  readonly classNames: readonly string[];
  readonly files: Readonly<Record<'test' | 'train', readonly OfficialFile[]>>;
}

/** In this order: train images, train labels, test images, test labels. */
const IDX_NAMES = [
  'train-images-idx3-ubyte.gz',
  'train-labels-idx1-ubyte.gz',
  't10k-images-idx3-ubyte.gz',
  't10k-labels-idx1-ubyte.gz',
];

function idxData(classNames: readonly string[], places: readonly string[], md5s: readonly string[]): OfficialData {
  const files = IDX_NAMES.map((name, at) => ({ name, md5: md5s[at], urls: places.map((place) => place + name) }));
  return { classNames, files: { train: files.slice(0, 2), test: files.slice(2) } };
}

const CIFAR10_ARCHIVE: OfficialFile = {
  name: 'cifar-10-binary.tar.gz',
  // https://www.cs.toronto.edu/~kriz/cifar.html, table "Download"
  md5: 'c32a1d4ab5d03f1284b67883e8d87530',
  urls: ['https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz'],
};

export const OFFICIAL: Readonly<Record<string, OfficialData>> = {
  mnist: idxData(
    DIGITS,
    ['https://ossci-datasets.s3.amazonaws.com/mnist/', 'https://storage.googleapis.com/cvdf-datasets/mnist/'],
    // torchvision, datasets/mnist.py, MNIST.resources (the MNIST page itself publishes none)
    [
      'f68b3c2dcbeaaa9fbdd348bbdeb94873',
      'd53e105ee54ea40749a09fcbcd1e9432',
      '9fb629c4189551a2d022fa330f9573f3',
      'ec29112dd5afa0611ce80d1b7f02629c',
    ],
  ),
  'fashion-mnist': idxData(
    FASHION,
    [
      'https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/',
      'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/',
    ],
    // https://github.com/zalandoresearch/fashion-mnist, section "Get the Data"
    [
      '8d4fb7e6c68d591d4c3dfef9ec88bf0d',
      '25c81989df183df01b3e8a0aad5dffbe',
      'bef4ecab320f06d8554ea6380940ec79',
      'bb300cfdad3c16e7a12a480ee83cd310',
    ],
  ),
  cifar10: { classNames: CIFAR10_CLASSES, files: { train: [CIFAR10_ARCHIVE], test: [CIFAR10_ARCHIVE] } },
};

/** Names of the classes where the labels are an official file, known by its checksum. */
export async function officialClassNames(labels: string, disk: Disk): Promise<readonly string[] | undefined> {
  if (!labels.endsWith('-labels-idx1-ubyte.gz')) return undefined;
  const md5 = md5Of(await disk.read(labels));
  return Object.values(OFFICIAL).find(({ files }) => [...files.train, ...files.test].some((file) => file.md5 === md5))
    ?.classNames;
}
