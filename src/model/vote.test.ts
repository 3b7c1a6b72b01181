import { describe, expect, it } from 'vitest';
import { voteOutcome } from './vote.ts';

const logits = (...rows: number[][]) => Float32Array.from(rows.flat().map(Math.log));

describe('voteOutcome', () => {
  it('lets the most frequent class win, whatever its probability', () => {
    const outcome = voteOutcome(logits([0.5, 0.4, 0.1], [0.5, 0.4, 0.1], [0, 1, 0]), 3, 1);
    expect(outcome.predicted).toBe(0);
    expect(outcome.loss).toBeCloseTo(-Math.log(0.6), 6);
  });

  it('breaks ties by mean probability', () => {
    expect(voteOutcome(logits([0.6, 0.4], [0.1, 0.9]), 2, 0).predicted).toBe(1);
  });

  it('is a plain classification for a single ballot', () => {
    const outcome = voteOutcome(logits([0.2, 0.7, 0.1]), 3, 0);
    expect(outcome.predicted).toBe(1);
    expect(outcome.loss).toBeCloseTo(-Math.log(0.2), 6);
  });
});
