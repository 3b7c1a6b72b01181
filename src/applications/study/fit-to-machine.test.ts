import { expect, it } from 'vitest';
import { storySchema } from '../../options/story-options.ts';
import { story } from '../../studies/story.ts';
import type { Study } from '../../studies/study.ts';
import { shortened } from './fit-to-machine.ts';

it('has as many images in each row as its command may be asked for', () => {
  const limits = new Set(story.rows.flatMap(({ parts }) => parts.map(({ limit = Infinity }) => limit)));
  const [limit] = limits;
  expect(limits.size).toBe(1);
  expect(storySchema.safeParse({ limit }).success).toBe(true);
  expect(storySchema.safeParse({ limit: limit + 1 }).success).toBe(false);
});

/** Shares of 30 and 55 for training, 10, 15 and 90 for measuring: 200 in all. */
const shares: Study = {
  ...story,
  seconds: 280,
  classifiers: story.classifiers.map((classifier, i) => ({ ...classifier, share: [30, 55][i] })),
  rows: story.rows.map((row, i) => ({ ...row, parts: row.parts.map((part) => ({ ...part, share: [10, 15, 90][i] })) })),
};

it('leaves the story whole where it takes no longer than it is to', () => {
  // 30 of 200 shares: 42 s for the first training make 280 s in all.
  expect(shortened(shares, [], 42)).toBeUndefined();
});

it('attacks fewer images the slower the machine is, 60 at least', () => {
  // Two seconds a share: 400 in all; 170 for training leave 110 of the 230 for 300 images: 143.
  expect(shortened(shares, [], 60)).toEqual({ seconds: 400, images: 140, share: 140 / 300 });
  expect(shortened(shares, [], 600)).toMatchObject({ seconds: 4000, images: 60 });
});

it('leaves a study without a time of its own as it is, and one that has few images', () => {
  expect(shortened({ ...shares, seconds: undefined }, [], 600)).toBeUndefined();
  const rows = shares.rows.map((row) => ({ ...row, parts: row.parts.map((part) => ({ ...part, limit: 50 })) }));
  expect(shortened({ ...shares, rows }, [], 600)).toBeUndefined();
});
