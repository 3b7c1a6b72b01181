import type { Clock } from '../../ports/clock.ts';

export const nodeClock: Clock = { seconds: () => performance.now() / 1000 };
