import { expect, it } from 'vitest';
import { studyTable } from './print-study.ts';

it('cuts a table that is too wide into several of some columns each', () => {
  const summary = { correct: 1, n: 2, accuracy: 0.5, interval: [0.0945, 0.9055] as const };
  const row = { name: 'a', title: 'A', classifier: 'a', parts: [] };
  const report = { columns: ['natural', 'random', 'grid'], rows: [{ row, cells: new Map([['natural', summary], ['random', summary]]) }] };
  const words = (text: string): string[][] => text.split('\n').filter((line) => /\w/.test(line)).map((line) => line.trim().split(/ {2,}/));
  expect(words(studyTable(report))).toEqual([['accuracy %', 'natural', 'random', 'grid'], ['A', '50.00', '50.00', '–'], ['9.45–90.55', '9.45–90.55'], ['n=2', 'n=2']]);
  expect(words(studyTable(report, 40))).toEqual([['accuracy %', 'natural', 'random'], ['A', '50.00', '50.00'], ['9.45–90.55', '9.45–90.55'], ['n=2', 'n=2'], ['accuracy %', 'grid'], ['A', '–']]);
});
