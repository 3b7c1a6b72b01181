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
