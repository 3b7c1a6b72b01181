import { expect, it } from 'vitest';
import { story } from '../../studies/story.ts';
import { shortened } from './fit-to-machine.ts';

it('leaves the story whole where it takes no longer than it is to', () => {
  // 30 of 200 shares: 42 s for the first training make 280 s in all.
  expect(shortened(story, [], 42)).toBeUndefined();
});

it('attacks fewer images the slower the machine is, 60 at least', () => {
  // Two seconds a share: 400 in all; 170 for training leave 110 of the 230 for 300 images: 143.
  expect(shortened(story, [], 60)).toEqual({ seconds: 400, images: 140, share: 140 / 300 });
  expect(shortened(story, [], 600)).toMatchObject({ seconds: 4000, images: 60 });
});

it('leaves a study without a time of its own as it is, and one that has few images', () => {
  expect(shortened({ ...story, seconds: undefined }, [], 600)).toBeUndefined();
  const rows = story.rows.map((row) => ({ ...row, parts: row.parts.map((part) => ({ ...part, limit: 50 })) }));
  expect(shortened({ ...story, rows }, [], 600)).toBeUndefined();
});
