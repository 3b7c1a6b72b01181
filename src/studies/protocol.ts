import type { PublishedRow, Study, StudyPart, StudyRow } from './study.ts';

/** Columns of the paper's tables, and the first-order attack of its text. */
export const PAPER_COLUMNS = [
  'natural',
  'random',
  'worst-of-10',
  'grid',
  'grid:rotation',
  'grid:translation',
  'first-order',
] as const;

const FORWARD = ['natural', 'random', 'worst-of-10', 'grid'];
const VOTE = 10;

/** What takes no gradients. */
export const FORWARD_PART: StudyPart = {
  name: 'forward',
  attacks: [...FORWARD, 'grid:rotation', 'grid:translation'],
};
export const FIRST_ORDER_PART: StudyPart = { name: 'first-order', attacks: ['first-order'] };

/** The headline of the authors' talk. */
export const talk = (accuracies: PublishedRow['accuracies'], what = ''): PublishedRow => ({
  source: `Engstrom et al., ICML 2019, talk${what}`,
  accuracies,
});

/** Classifiers that are trained by the recipes of these names. */
export const trainedBy = (study: string, recipes: readonly string[]): Study['classifiers'] =>
  recipes.map((name) => ({ name, recipe: `${study}/${name}` }));

export interface Published {
  readonly alone?: readonly PublishedRow[];
  readonly voted?: readonly PublishedRow[];
}

/**
 * Makes a classifier's rows by the paper's protocol: as it is, and with the vote.
 * @param parts of the classifier as it is
 * @param votedImages test images under the vote, which costs ten forward passes for one
 * @param votedOptions of that evaluation; where left out, the images are the first ones
 */
export function protocolRows(
  parts: readonly StudyPart[],
  votedImages: number,
  votedOptions?: StudyPart['options'],
): (name: string, title: string, published?: Published) => StudyRow[] {
  const voted: StudyPart = { name: 'voted', attacks: FORWARD, limit: votedImages, options: votedOptions };
  return (name, title, published) => [
    { name, title, classifier: name, parts, published: published?.alone },
    {
      name: `${name}-vote`,
      title: `${title} + vote`,
      classifier: name,
      vote: VOTE,
      parts: [voted],
      published: published?.voted,
    },
  ];
}
