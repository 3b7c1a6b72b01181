import { describe, expect, it } from 'vitest';
import { WorstTracker } from './worst-tracker.ts';

describe('WorstTracker', () => {
  const probe = (candidate: number) => ({ candidate, transformation: { tx: candidate, ty: 0, angle: 0 } });

  it('lets errors beat losses, losses beat order, and ties go to the earlier candidate', () => {
    const tracker = new WorstTracker(0);
    tracker.offer(probe(5), { predicted: 0, loss: 9 });
    tracker.offer(probe(7), { predicted: 1, loss: 1 });
    expect(tracker.worst.transformation.tx).toBe(7);
    tracker.offer(probe(8), { predicted: 2, loss: 2 });
    tracker.offer(probe(4), { predicted: 2, loss: 2 });
    tracker.offer(probe(9), { predicted: 0, loss: 99 });
    expect(tracker.worst.transformation.tx).toBe(4);
    expect(tracker.fooling).toBe(3);
  });
});
