import { describe, expect, it } from 'vitest';
import { voteOutcome } from '../model/vote.ts';
import { randomStream } from '../random/stream.ts';
import { drawTransformation } from '../sets/draws.ts';
import { fakeClassifier } from '../testing/fake-classifier.ts';
import type { Transformation } from '../transform/transformation.ts';
import { createAnswerer, type PendingAsk } from './answer.ts';

const SHAPE = { channels: 1, height: 1, width: 1 };
const VOTE = { draws: 10, box: { tx: 3, ty: 3, angle: 30 }, seed: 4 };
const CLASSES = 3;

/** Agrees with itself over the box for some images and not for others. */
const scores = ([pixel]: Float32Array, [, { tx, ty, angle }]: readonly Transformation[]) => [
  pixel * 4,
  Math.sin(tx + ty),
  angle / 20,
];

const asks = Array.from({ length: 60 }, (_, index): PendingAsk => ({
  attack: 'grid',
  target: { index, label: index % CLASSES, pixels: Float32Array.of(index / 120), shape: SHAPE },
  ask: {
    kind: 'classify',
    probes: [0, 1].map((candidate) => ({ candidate, transformation: { tx: 0, ty: 0, angle: 0 } })),
  },
}));

/** The vote over all draws, one input at a time. */
function fullVote({ target }: PendingAsk, candidate: number) {
  const stream = randomStream(VOTE.seed, 'vote under grid');
  const rows = Array.from({ length: VOTE.draws }, (_, draw) => {
    const drawn = drawTransformation(VOTE.box, stream, target.index, candidate, draw);
    return scores(target.pixels, [drawn, drawn]);
  });
  return { rows, ...voteOutcome(Float32Array.from(rows.flat()), CLASSES, target.label) };
}

describe('scores that are no numbers', () => {
  const rows: Readonly<Record<string, readonly number[]>> = {
    nan: [1, NaN, 0],
    'plus infinity': [1, 0, Infinity],
    'only minus infinity': [-Infinity, -Infinity, -Infinity],
  };

  it.each(Object.entries(rows))(
    '%s: the image and the transformation are named, with a vote and without',
    async (_, row) => {
      for (const vote of [undefined, VOTE]) {
        const classifier = fakeClassifier(SHAPE, CLASSES, ([pixel]) => (pixel === 0.25 ? row : [0, 1, 2]));
        const answer = createAnswerer(classifier, vote);
        const transformation = { tx: 1.5, ty: -2, angle: 30 };
        const ask = { kind: 'classify', probes: [{ candidate: 0, transformation }] } as const;
        const pending = [0.5, 0.25].map((pixel, i): PendingAsk => ({
          attack: 'grid',
          target: { index: 40 + i, file: `cats/${i}.png`, label: 0, pixels: Float32Array.of(pixel), shape: SHAPE },
          ask,
        }));
        await expect(answer(pending)).rejects.toMatchObject({
          kind: 'failure',
          issue: {
            code: row.some(Number.isNaN) ? 'model-gives-nan' : 'model-gives-infinity',
            problem: expect.stringContaining('image 41 (cats/1.png) under (tx 1.5, ty -2, angle 30)'),
          },
        });
        expect((await answer(pending.slice(0, 1)))[0][0].predicted).toBe(2);
      }
    },
  );

  it('minus infinity is a class of probability 0: others decide, and its own loss stays a number', async () => {
    for (const vote of [undefined, VOTE]) {
      const answer = createAnswerer(
        fakeClassifier(SHAPE, CLASSES, () => [-Infinity, 0, 0]),
        vote,
      );
      const ask = { kind: 'classify', probes: [{ candidate: 0, transformation: { tx: 0, ty: 0, angle: 0 } }] } as const;
      const pixels = Float32Array.of(0);
      const [[masked], [other]] = await answer(
        [0, 1].map((label) => ({ attack: 'grid', target: { index: label, label, pixels, shape: SHAPE }, ask })),
      );
      expect(masked).toMatchObject({ predicted: 1, loss: expect.closeTo(744.44, 2) });
      expect(other).toMatchObject({ predicted: 1, loss: expect.closeTo(Math.LN2, 6) });
    }
  });

  it('a gradient that is not finite is told, not followed', async () => {
    const answer = createAnswerer(
      fakeClassifier(
        SHAPE,
        CLASSES,
        () => [0, 1, 2],
        async () => ({ logits: Float32Array.of(0, 1, 2), transformation: Float64Array.of(0, NaN, 0) }),
      ),
    );
    const ask = {
      kind: 'gradient',
      by: 'transformation',
      probes: [{ candidate: 0, transformation: { tx: 0, ty: 0, angle: 7 } }],
    } as const;
    const target = { index: 3, label: 0, pixels: Float32Array.of(0), shape: SHAPE };
    await expect(answer([{ attack: 'first-order', target, ask }])).rejects.toMatchObject({
      issue: { code: 'gradient-not-finite', problem: expect.stringContaining('image 3 under (tx 0, ty 0, angle 7)') },
    });
  });
});

describe('a vote', () => {
  it('names the class of the full vote and casts only six of ten ballots where these agree', async () => {
    const classifier = fakeClassifier(SHAPE, CLASSES, scores);
    const replies = await createAnswerer(classifier, VOTE)(asks);
    let passes = 0;
    asks.forEach((pending, i) =>
      replies[i].forEach((answered, candidate) => {
        const full = fullVote(pending, candidate);
        const firstSix = full.rows.slice(0, 6).map((row) => row.indexOf(Math.max(...row)));
        const settled = new Set(firstSix).size === 1;
        expect(answered.predicted).toBe(full.predicted);
        expect(answered.passes).toBe(settled ? 6 : 10);
        if (!settled) expect(answered.loss).toBe(full.loss);
        passes += answered.passes;
      }),
    );
    expect(classifier.calls).toBe(passes);
    expect(new Set(replies.flat().map((answered) => answered.passes))).toEqual(new Set([6, 10]));
  });
});
