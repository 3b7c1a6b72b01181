import { describe, expect, it } from 'vitest';
import { recipeNamed } from '../training/recipes/index.ts';
import { cifar10Study } from './cifar10.ts';
import { imagenetStudy } from './imagenet.ts';
import { mnistStudy } from './mnist.ts';
import { story } from './story.ts';
import { joinParts } from './study.ts';

describe.each([story, mnistStudy, cifar10Study, imagenetStudy].map((study) => [study.name, study] as const))(
  'study %s',
  (_, study) => {
    it('trains by recipes that there are, and measures every column for every row that has gradients', () => {
      for (const { recipe } of study.classifiers) {
        expect(recipeNamed(recipe).name).toBe(recipe);
        expect(recipeNamed(recipe).geometry).toEqual(study.geometry);
      }
      const names = study.classifiers.map(({ name }) => name);
      for (const row of study.rows) {
        expect(names).toContain(row.classifier);
        const measured = new Set(row.parts.flatMap(({ attacks }) => attacks));
        // A vote has no gradient, and is too slow for the forms that are restricted to rotation or shift.
        const columns = new Set([study, ...(study.further ?? [])].flatMap((table) => table.columns));
        const expected = [...columns].filter(
          (name) => row.vote === undefined || !/first-order|strongest|pgd|combined|:/.test(name),
        );
        expect([...measured].toSorted()).toEqual(expected.toSorted());
      }
    });

    it('quotes published accuracies as fractions of columns that it has', () => {
      for (const { accuracies } of study.rows.flatMap(({ published = [] }) => published)) {
        for (const [name, { value }] of Object.entries(accuracies)) {
          expect(study.columns).toContain(name);
          expect(value).toBeGreaterThan(0);
          expect(value).toBeLessThan(1);
        }
      }
    });
  },
);

it('takes each attack from the part with the most images', () => {
  const summary = (correct: number, n: number) => ({ correct, n, accuracy: correct / n, interval: [0, 1] as const });
  const { cells } = joinParts(mnistStudy.rows[0], [
    { natural: summary(9, 10), grid: summary(5, 10) },
    { natural: summary(95, 100) },
    { 'first-order': summary(4, 5), natural: summary(5, 5) },
  ]);
  expect(Object.fromEntries([...cells].map(([name, { n }]) => [name, n]))).toEqual({
    natural: 100,
    grid: 10,
    'first-order': 5,
  });
});
