import { expect, it } from 'vitest';
import type { EvaluationResult } from '../evaluation/records.ts';
import { resultTable, textTable } from './table.ts';

it('aligns the columns and tells the fall from natural accuracy', () => {
  const attacks = {
    natural: { correct: 274, n: 300, accuracy: 274 / 300, interval: [0.876, 0.9402] },
    'worst-of-10': { correct: 28, n: 300, accuracy: 28 / 300, interval: [0.0654, 0.1316] },
  };
  expect(resultTable({ attacks } as unknown as EvaluationResult)).toBe(
    [
      'attack        accuracy %   95 % interval   images    fall',
      '─────────────────────────────────────────────────────────',
      'natural            91.33   87.60 – 94.02      300',
      'worst-of-10         9.33    6.54 – 13.16      300   82.00',
    ].join('\n'),
  );
});

it('tells of a vote how often no query of the search went wrong', () => {
  const attacks = {
    natural: { correct: 9, n: 10, accuracy: 0.9, interval: [0.6, 0.98] },
    grid: {
      correct: 7,
      n: 10,
      accuracy: 0.7,
      interval: [0.4, 0.89],
      everyQuery: { correct: 5, n: 10, accuracy: 0.5, interval: [0.24, 0.76] },
    },
  };
  expect(
    resultTable({ attacks } as unknown as EvaluationResult)
      .split('\n')
      .map((line) => line.split(/ {2,}/).at(-1)),
  ).toEqual(['every query right %', expect.stringMatching(/─/), '10', '50.00']);
});

it('keeps a row on its line, whatever the names hold', () => {
  expect(
    textTable(['name', 'n'], [['a\nb\u001b[2J', '1']])
      .split('\n')
      .at(-1),
  ).toBe('a\\nb\\u001b[2J   1');
});
