import { PAPER_COLUMNS, protocolRows, talk, trainedBy } from './protocol.ts';
import type { PublishedRow, Study, StudyPart, StudyRow } from './study.ts';

/** ResNet-18. */
const anew = (natural: number, random: number, worstOf10: number, grid: number): PublishedRow => ({
  source: 'the authors, PyTorch re-release',
  accuracies: {
    natural: { value: natural },
    random: { value: random },
    'worst-of-10': { value: worstOf10 },
    grid: { value: grid },
  },
});

/** Images lie sorted by class: some of them are taken from all over the data. */
const SPREAD = { spread: true };
const PARTS: readonly StudyPart[] = [
  { name: 'forward', attacks: ['natural', 'random', 'worst-of-10'], options: SPREAD },
  // Hundreds of forward passes for each image that withstands it.
  { name: 'grid', attacks: ['natural', 'grid'], limit: 5000, options: SPREAD },
];

const rows = protocolRows(PARTS, 1000, SPREAD);
/** A classifier as it is, without the vote. */
const row = (name: string, title: string, ...alone: PublishedRow[]): StudyRow => rows(name, title, { alone })[0];

/** The paper's ImageNet rows: as the authors trained them anew, and as their talk has them. */
export const imagenetStudy: Study = {
  name: 'imagenet',
  title: 'ImageNet by the protocol of Engstrom et al.',
  data: 'imagenet',
  given: {
    what: 'a folder with train/ and val/, each with a folder of images for each of the 1,000 classes (n01440764, …)',
  },
  geometry: { resize: 256, crop: 224 },
  columns: PAPER_COLUMNS.filter((name) => !name.includes(':') && name !== 'first-order'),
  onRequest: true,
  classifiers: trainedBy('imagenet', [
    'standard',
    'no-crop',
    'aug-30',
    'aug-40',
    'w10-30',
    'w10-40',
    'regularised',
    'resnet50-standard',
    'resnet50-w10-30',
    'resnet50-w10-40',
    'resnet50-regularised',
  ]),
  rows: [
    row('standard', 'Standard', anew(0.713, 0.606, 0.399, 0.209)),
    row('no-crop', 'No crop', anew(0.654, 0.541, 0.305, 0.118)),
    row('aug-30', 'Aug 30', anew(0.689, 0.68, 0.546, 0.381)),
    row('aug-40', 'Aug 40', anew(0.683, 0.677, 0.549, 0.388)),
    row('w10-30', 'W-10 (30)', anew(0.691, 0.68, 0.594, 0.481)),
    row('w10-40', 'W-10 (40)', anew(0.686, 0.672, 0.593, 0.484)),
    row('regularised', 'Regularised W-10'),
    row('resnet50-standard', 'ResNet-50, standard', talk({ natural: { value: 0.76 }, grid: { value: 0.31 } })),
    ...rows('resnet50-w10-30', 'ResNet-50, W-10 (30)', {
      alone: [talk({ grid: { value: 0.53 } })],
      voted: [talk({ grid: { value: 0.56 } }, ', whose slide also says 58')],
    }),
    row('resnet50-w10-40', 'ResNet-50, W-10 (40)'),
    row('resnet50-regularised', 'ResNet-50, regularised W-10'),
  ],
};
