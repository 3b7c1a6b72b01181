import { expect, it } from 'vitest';
import type { AttackSummary } from '../../evaluation/records.ts';
import { studyTable } from './print-study.ts';

it('cuts a table that is too wide into several of some columns each', () => {
  const summary = { correct: 1, n: 2, accuracy: 0.5, interval: [0.0945, 0.9055] as const };
  const row = { name: 'a', title: 'A', classifier: 'a', parts: [] };
  const report = {
    columns: ['natural', 'random', 'grid'],
    rows: [
      {
        row,
        cells: new Map([
          ['natural', summary],
          ['random', summary],
        ]),
      },
    ],
  };
  const words = (text: string): string[][] =>
    text
      .split('\n')
      .filter((line) => /\w/.test(line))
      .map((line) => line.trim().split(/ {2,}/));
  expect(words(studyTable(report))).toEqual([
    ['accuracy %', 'natural', 'random', 'grid'],
    ['A', '50.00', '50.00', '–'],
    ['9.45–90.55', '9.45–90.55'],
    ['n=2', 'n=2'],
  ]);
  expect(words(studyTable(report, 40))).toEqual([
    ['accuracy %', 'natural', 'random'],
    ['A', '50.00', '50.00'],
    ['9.45–90.55', '9.45–90.55'],
    ['n=2', 'n=2'],
    ['accuracy %', 'grid'],
    ['A', '–'],
  ]);
});

it('tells below the table of votes where every query of the search has to be right', () => {
  const rate = (correct: number) => ({ correct, n: 4, accuracy: correct / 4, interval: [0.1, 0.9] as const });
  const row = { name: 'a-vote', title: 'A + vote', classifier: 'a', vote: 10, parts: [] };
  const table = studyTable({
    columns: ['natural', 'grid'],
    rows: [
      {
        row,
        cells: new Map<string, AttackSummary>([
          ['natural', rate(4)],
          ['grid', { ...rate(3), everyQuery: rate(1) }],
        ]),
      },
    ],
  });
  expect(table).toMatch(/A \+ vote +100\.00 +75\.00\n/);
  expect(table).toMatch(/Where every query of the search has to be right too: A \+ vote: grid 25\.00\.$/);
});
