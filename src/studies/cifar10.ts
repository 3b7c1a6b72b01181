import { FIRST_ORDER_PART, PAPER_COLUMNS, protocolRows, talk, trainedBy } from './protocol.ts';
import type { StudyPart, PublishedRow, Study, StudyRow } from './study.ts';

/** ResNet-32, mean of five runs. */
const draft = (natural: number, grid: number, what = ''): PublishedRow => ({
  source: `Yang et al., draft of NeurIPS 2019${what}`,
  accuracies: { natural: { value: natural }, grid: { value: grid } },
});

/**
 * Pixel noise of a radius that hardly any image withstands, and of a quarter of it; alone, and added to transformed
 * images.
 */
const PIXELS = ['pgd-linf@2/255', 'pgd-linf@8/255', 'combined@2/255', 'combined@8/255'];

/** First test images for the rest. */
const LIMIT = 1000;
const PARTS: readonly StudyPart[] = [
  { name: 'forward', attacks: ['natural', 'random', 'worst-of-10', 'grid:rotation', 'grid:translation'], limit: LIMIT },
  // The figure that matters most, on all images: hundreds of forward passes for each that is right.
  { name: 'grid', attacks: ['natural', 'grid'] },
  { ...FIRST_ORDER_PART, limit: LIMIT },
  { name: 'strongest', attacks: ['strongest'], limit: LIMIT },
  { name: 'pixels', attacks: PIXELS, limit: LIMIT },
];
const rows = protocolRows(PARTS, 500);

/**
 * The mean over an image and its mirror image, which all of these classifiers saw in training: two forward passes for
 * one, so that the grid too is limited and natural accuracy on all images is a part of its own.
 */
function mirroredRow(name: string, title: string): StudyRow {
  return {
    name: `${name}-mirrored`,
    title: `${title}, mirrored`,
    classifier: name,
    mirror: true,
    parts: [{ name: 'natural', attacks: ['natural'] }, ...PARTS.map((part) => ({ ...part, limit: LIMIT }))].map(
      (part) => ({ ...part, name: `mirrored-${part.name}` }),
    ),
  };
}

/** The paper's CIFAR-10 rows and the regularised ones of the follow-up. */
export const cifar10Study: Study = {
  name: 'cifar10',
  title: 'CIFAR-10 by the protocol of Engstrom et al.',
  data: 'cifar10',
  columns: [...PAPER_COLUMNS, 'strongest'],
  further: [{ title: 'Pixel noise and transformations', columns: ['natural', 'grid', ...PIXELS] }],
  onRequest: true,
  classifiers: trainedBy('cifar10', [
    'standard',
    'no-crop',
    'aug-30',
    'aug-40',
    'w10-30',
    'w10-40',
    'regularised-kl',
    'regularised-l2',
    'linf',
    'robust',
    'robust-small',
  ]),
  rows: [
    ...rows('standard', 'Standard', {
      alone: [talk({ natural: { value: 0.93 }, grid: { value: 0.03 } }), draft(0.9211, 0.0952)],
    }),
    ...rows('no-crop', 'No crop'),
    ...rows('aug-30', 'Aug 30', { alone: [draft(0.8993, 0.5829)] }),
    ...rows('aug-40', 'Aug 40'),
    ...rows('w10-30', 'W-10 (30)', {
      alone: [talk({ grid: { value: 0.71 } }), draft(0.9205, 0.7035)],
      voted: [talk({ grid: { value: 0.82 } })],
    }),
    mirroredRow('w10-30', 'W-10 (30)'),
    ...rows('w10-40', 'W-10 (40)'),
    ...rows('regularised-kl', 'Regularised W-10, KL', { alone: [draft(0.9113, 0.7589, ', distance not known to us')] }),
    ...rows('regularised-l2', 'Regularised W-10, l2'),
    ...rows('linf', 'l∞-trained'),
    ...rows('robust', 'Robust', { alone: [draft(0.9304, 0.7805, ', VGG, regularised W-10: the best published')] }),
    mirroredRow('robust', 'Robust'),
    ...rows('robust-small', 'Robust, small'),
    mirroredRow('robust-small', 'Robust, small'),
  ],
};
