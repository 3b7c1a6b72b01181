import type { MeasuredPart, PublishedRow, StudyRow } from './study.ts';

/** Columns of the paper's tables, and the first-order attack of its text. */
export const PAPER_COLUMNS = ['natural', 'random', 'worst-of-10', 'grid', 'grid:rotation', 'grid:translation', 'first-order'] as const;

const FORWARD = ['natural', 'random', 'worst-of-10', 'grid'];
const VOTE = 10;

const forward: MeasuredPart = { name: 'forward', attacks: [...FORWARD, 'grid:rotation', 'grid:translation'] };

/** First test images that the costly parts are measured on; all where there is no number. */
export interface PartLimits {
  readonly firstOrder?: number;
  /** A vote costs ten forward passes for one. */
  readonly voted?: number;
}

export interface Published {
  readonly alone?: readonly PublishedRow[];
  readonly voted?: readonly PublishedRow[];
}

/** Makes a classifier's rows by the paper's protocol: as it is, and with the vote. */
export function protocolRows(limits: PartLimits): (name: string, title: string, published?: Published) => StudyRow[] {
  const firstOrder: MeasuredPart = { name: 'first-order', attacks: ['first-order'], limit: limits.firstOrder };
  const voted: MeasuredPart = { name: 'voted', attacks: FORWARD, limit: limits.voted };
  return (name, title, published) => [
    { name, title, classifier: name, parts: [forward, firstOrder], published: published?.alone },
    { name: `${name}-vote`, title: `${title} + vote`, classifier: name, vote: VOTE, parts: [voted], published: published?.voted },
  ];
}
