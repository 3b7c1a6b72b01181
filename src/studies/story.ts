import type { MeasuredPart, Study } from './study.ts';

const VOTE = 10;

/** Shorter than the definition's 200 steps: the story is told in minutes, and more steps find hardly more. */
const GRADIENT_STEPS = 50;

const FORWARD = ['natural', 'random', 'worst-of-10', 'grid'];
const attacked: MeasuredPart = { name: 'attacked', attacks: [...FORWARD, 'first-order'], limit: 500, options: { steps: GRADIENT_STEPS, landscapes: 1 } };
const voted: MeasuredPart = { name: 'voted', attacks: FORWARD, limit: 200 };

/** The talk in five minutes: a standard classifier breaks, robust optimisation mends it, a vote mends it further. */
export const story: Study = {
  name: 'story',
  title: 'A small rotation, and how to withstand it',
  data: 'glyphs',
  columns: ['natural', 'random', 'worst-of-10', 'grid', 'first-order'],
  classifiers: [
    { name: 'standard', recipe: 'glyphs/standard' },
    { name: 'robust', recipe: 'glyphs/w10-30' },
  ],
  rows: [
    { name: 'standard', title: 'standard', classifier: 'standard', parts: [attacked] },
    { name: 'robust', title: 'robust', classifier: 'robust', parts: [attacked] },
    { name: 'robust-vote', title: 'robust + vote', classifier: 'robust', vote: VOTE, parts: [voted] },
  ],
  contrast: { fooled: 'standard', robust: 'robust', attack: 'grid', images: 24 },
};
