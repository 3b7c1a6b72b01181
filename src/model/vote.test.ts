import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ballotsToSettle, isUnanimous, voteOutcome } from './vote.ts';

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

describe('ballotsToSettle', () => {
  it('is the least number of agreeing ballots that no others can overturn or tie', () => {
    expect([1, 2, 3, 9, 10, 11].map(ballotsToSettle)).toEqual([1, 2, 2, 5, 6, 6]);
  });

  it('gives the class of all ballots, whatever those left out say', () => {
    const row = fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }),
        fc.nat(2),
        fc.array(row, { minLength: 12, maxLength: 12 }),
        (draws, winner, rows) => {
          const settling = ballotsToSettle(draws);
          const all = logits(
            ...rows.slice(0, draws).map((p, i) => (i < settling ? p.map((v, k) => (k === winner ? 1.5 : v)) : p)),
          );
          const cast = all.subarray(0, 3 * settling);
          expect(isUnanimous(cast, 3)).toBe(true);
          expect(voteOutcome(cast, 3, 0).predicted).toBe(voteOutcome(all, 3, 0).predicted);
        },
      ),
    );
    expect(isUnanimous(logits([0.6, 0.4], [0.6, 0.4], [0.4, 0.6]), 2)).toBe(false);
  });
});
