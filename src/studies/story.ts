import type { StudyPart, Study } from './study.ts';

const VOTE = 10;

/** A quarter of the definition's 200 steps, each four times as long: the same reach in a quarter of the time. */
const GRADIENT = { steps: 50, 'step-size': '0.04' };

const FORWARD = ['natural', 'random', 'worst-of-10', 'grid'];
/** The same images in every row: rows are set against each other. */
const LIMIT = 300;

/** The more an image withstands, the longer it takes: a standard classifier is done with sooner. */
const attacked = (share: number): StudyPart => ({
  name: 'attacked',
  attacks: [...FORWARD, 'first-order'],
  limit: LIMIT,
  options: { ...GRADIENT, landscapes: 1 },
  share,
});
/** Draws from the whole box on top of what the attack does would turn images further than any that were trained on. */
const NARROW = { 'vote-rotation': 10, 'vote-translation': '1px' };
const voted: StudyPart = { name: 'narrow-vote', attacks: FORWARD, limit: LIMIT, options: NARROW, share: 92 };

/**
 * The talk in five minutes, of which it leaves the rest to installing and to a machine that slows down: a standard
 * classifier breaks, robust optimisation mends it, a vote mends it further. Shares are the seconds that the parts took
 * on two threads of an Intel Xeon.
 */
export const story: Study = {
  name: 'story',
  title: 'A small rotation, and how to withstand it',
  data: 'glyphs',
  seconds: 250,
  columns: ['natural', 'random', 'worst-of-10', 'grid', 'first-order'],
  classifiers: [
    { name: 'standard', recipe: 'glyphs/standard', share: 24 },
    { name: 'robust', recipe: 'glyphs/w10-30', share: 92 },
  ],
  rows: [
    { name: 'standard', title: 'standard', classifier: 'standard', parts: [attacked(7)] },
    { name: 'robust', title: 'robust', classifier: 'robust', parts: [attacked(20)] },
    { name: 'robust-vote', title: 'robust + vote', classifier: 'robust', vote: VOTE, parts: [voted] },
  ],
  contrast: { fooled: 'standard', robust: 'robust', attack: 'grid', images: 24 },
};
