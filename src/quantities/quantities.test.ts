import { describe, expect, it } from 'vitest';
import { degrees, learningRate, partOfLimit, percentage, pixels, pixelSize, Question } from './quantities.ts';

describe('a quantity', () => {
  it.each([
    [pixelSize, ['8/255', '0.03', 0.5, '0.999', '8/1', '255/255'], [8 / 255, 0.03, 0.5, 0.999, 8, 1]],
    [partOfLimit, ['0.01', 1, '5/1'], [0.01, 1, 5]],
    [percentage, ['60', 60.5, '0.6%', '0.6 %', '1%', 0, '100'], [60, 60.5, 0.6, 0.6, 1, 0, 100]],
    [degrees, ['30', 30, '1', 2.5, '0.5deg', '1.57°', 0, '3.25'], [30, 30, 1, 2.5, 0.5, 1.57, 0, 3.25]],
    [pixels, ['3', '3px', '0.1px', 0, '1.5'], [3, 3, 0.1, 0, 1.5]],
    [learningRate, ['0.1', 1, '10/1'], [0.1, 1, 10]],
  ] as const)('is read where it is plain: %o', (read, given, values) => {
    expect(given.map(read)).toEqual(values);
  });

  it.each([
    [pixelSize, '8', 'Write 8/255, or 8/1 to mean it'],
    [pixelSize, 1, 'Write 1/255'],
    [partOfLimit, '5', 'Write 0.05, or 5/1'],
    [percentage, '0.6', 'Write 60, or 0.6% to mean it'],
    [percentage, 1, 'Write 100, or 1%'],
    [degrees, '0.5', 'Write 28.65 for 0.5 rad, or 0.5deg to mean it'],
    [degrees, 1.5708, 'Write 90 for'],
    [pixels, '0.1', 'Write 10% of it, or 0.1px'],
    [learningRate, 10, 'Write 10/1 to mean it'],
  ] as const)('is asked about where its unit is in doubt: %o of %o', (read, given, words) => {
    const question = read(given);
    expect(question).toBeInstanceOf(Question);
    expect((question as Question).text).toContain(words);
  });

  it.each([
    [pixelSize, ['0', '-1', '1/0', '1/2/3', '', 'x', null, {}, '1e999']],
    [percentage, ['101', '-1', '%', '60 px', []]],
    [degrees, ['181', '-1', 'deg', '30px']],
    [pixels, ['-1', 'px', '3%']],
    [learningRate, ['0', 'fast']],
  ] as const)('is nothing else: %o', (read, given) => {
    expect(given.map((one: unknown) => read(one))).toEqual(given.map(() => undefined));
  });
});
