import { describe, expect, it } from 'vitest';
import type { ProgressEvent } from '../evaluation/progress.ts';
import { recordingTerminal } from '../testing/terminal.ts';
import { describeProgress, progressDisplay } from './progress.ts';

function event(done: number, elapsedSeconds: number): ProgressEvent {
  return {
    done,
    total: 300,
    doneBefore: 20,
    evaluations: 4000 * elapsedSeconds,
    accuracy: { natural: 0.917, grid: 0.092 },
    elapsedSeconds,
  };
}

describe('describeProgress', () => {
  it('tells percent and time left by the forward passes of this part of the run', () => {
    // 40,000 of 100,000 made: two fifths of the 280 images, and the 20 of before.
    expect(describeProgress({ ...event(120, 10), remaining: 60_000 })).toBe(
      '44 % · 120/300 images · 0:15 left · natural 91.7 %, grid 9.2 % · 4,000 evaluations/s',
    );
    expect(describeProgress({ ...event(0, 2), doneBefore: 0 })).toBe(
      '0/300 images · 0:02 so far · 4,000 evaluations/s',
    );
    expect(describeProgress(event(300, 28))).toMatch(/^100 % · 300\/300 images · 0:28 · /);
    expect(describeProgress({ ...event(299, 28), remaining: 0 })).toMatch(/^99 % /);
  });

  it('draws a bar on a terminal and leaves out what does not fit, whole', () => {
    const accuracy = { natural: 0.917, random: 0.7, 'worst-of-10': 0.4, grid: 0.092 };
    const drawn = describeProgress({ ...event(120, 10), remaining: 60_000, accuracy }, 79);
    expect(drawn).toBe('█████▎        44 % · 120/300 images · 0:15 left · 4,000 evaluations/s');
    expect(describeProgress({ ...event(120, 10), remaining: 60_000, accuracy }, 120)).toMatch(/grid 9\.2 %/);
  });
});

describe('progressDisplay', () => {
  it('writes plain lines every few seconds and at the end where there is no terminal', () => {
    const terminal = recordingTerminal();
    const display = progressDisplay(terminal);
    [
      [21, 0.1],
      [22, 1],
      [60, 5.2],
      [90, 7],
      [300, 8],
    ].forEach(([done, seconds]) => display.listener(event(done, seconds)));
    display.end();
    expect(terminal.written.error.split('\n').map((line) => /(\d+)\/300/.exec(line)?.[1])).toEqual([
      '21',
      '60',
      '300',
      undefined,
    ]);
    expect(terminal.written.out).toBe('');
  });

  it('writes one line over and over on a terminal, no wider than it', () => {
    const terminal = recordingTerminal(true);
    const display = progressDisplay(terminal);
    display.listener(event(21, 1));
    display.listener(event(22, 1.01));
    display.listener(event(60, 5));
    display.end();
    const lines = terminal.written.error.split('\r').slice(1);
    expect(lines).toHaveLength(2);
    expect(lines[1].endsWith('\u001b[K\n')).toBe(true);
    expect(Math.max(...lines.map((line) => line.replace('\u001b[K', '').trimEnd().length))).toBeLessThan(
      terminal.columns,
    );
  });
});
