import { describe, expect, it } from 'vitest';
import { createAttack } from '../attacks/create-attack.ts';
import type { Target } from '../attacks/attack.ts';
import { voteOutcome } from '../model/vote.ts';
import { randomStream } from '../random/stream.ts';
import { drawTransformation } from '../sets/draws.ts';
import { fakeClassifier } from '../testing/fake-classifier.ts';
import type { Transformation } from '../transform/transformation.ts';
import { createAnswerer } from './answer.ts';
import { judge } from './judge.ts';
import { settle } from './settle.ts';

const SHAPE = { channels: 1, height: 1, width: 1 };
const BOX = { tx: 3, ty: 3, angle: 30 };
const VOTE = { draws: 3, box: BOX, seed: 4 };

/** Class 0 unless all that was done to the image adds up to too much of a turn, which some images bear better. */
const scores = ([pixel]: Float32Array, transformations: readonly Transformation[]) => [
  45 * pixel,
  Math.abs(transformations.reduce((sum, { angle }) => sum + angle, 0)),
];

const targets = Array.from({ length: 80 }, (_, index): Target => ({
  index,
  label: 0,
  pixels: Float32Array.of(index / 60),
  shape: SHAPE,
}));
const attacks = ['natural', 'random', 'worst-of-10', 'strongest'].map((name) =>
  createAttack(name, {
    box: BOX,
    grid: { tx: 1, ty: 1, angle: 7 },
    draws: 2,
    seed: 1,
    exhaustive: true,
  }),
);

/** What one more vote says at a transformation, by hand. */
function afresh(attack: string, { index, pixels }: Target, chosen: Transformation) {
  const stream = randomStream(VOTE.seed, `vote under ${attack}, judged`);
  const rows = Array.from({ length: VOTE.draws }, (_, draw) =>
    scores(pixels, [chosen, drawTransformation(BOX, stream, index, 0, draw)]),
  );
  return voteOutcome(Float32Array.from(rows.flat()), 2, 0).predicted;
}

describe('judge', async () => {
  const answer = createAnswerer(fakeClassifier(SHAPE, 2, scores), VOTE);
  const found = await settle(targets, attacks, answer);
  const judged = await judge(targets, attacks, found, answer);

  it('asks once more, with draws of its own, at what the attack chose', () => {
    for (const attack of ['worst-of-10', 'strongest']) {
      targets.forEach((target, i) => {
        const [before, after] = [found[i].get(attack), judged[i].get(attack)];
        expect(after?.worst.transformation).toEqual(before?.worst.transformation);
        expect(after?.worst.predicted).toBe(afresh(attack, target, before?.worst.transformation as Transformation));
        expect(after?.robust).toBe(after?.worst.predicted === 0);
        expect(after?.everyQuery).toBe(before?.robust);
        expect(after?.passes).toBeGreaterThan(before?.passes as number);
      });
      const outcomes = judged.map((of) => `${of.get(attack)?.everyQuery} ${of.get(attack)?.robust}`);
      // Some bad luck of the search is not met again, and some good luck of it either.
      expect(new Set(outcomes)).toContain('false true');
      expect(new Set(outcomes)).toContain('true true');
      expect(new Set(outcomes)).toContain('false false');
    }
  });

  it('leaves attacks alone that choose nothing', () => {
    for (const attack of ['natural', 'random']) {
      targets.forEach((_, i) => expect(judged[i].get(attack)).toBe(found[i].get(attack)));
    }
  });
});
