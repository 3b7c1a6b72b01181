import { describe, expect, it } from 'vitest';
import { arraySource } from '../data/array-source.ts';
import { nameLabelling } from '../data/labelling.ts';
import type { ImageSource } from '../data/source.ts';
import { type ClassAnswers, fitClasses, type ModelClasses } from './fit-classes.ts';

const shape = { channels: 1, height: 1, width: 1 };
const model = (outputs: number, more: Partial<ModelClasses> = {}): ModelClasses => ({
  name: 'm.onnx',
  outputs,
  labelOffset: 0,
  offsetGiven: false,
  ...more,
});
const list = (names: readonly string[], from = 'classes.txt') => ({ names, from });

/** An image for each label, of data that say numbers. */
function numbers(labels: number[], classNames?: readonly string[]): ImageSource {
  const images = labels.map(() => Float32Array.of(0.5));
  return arraySource({ images, labels, shape, name: 'data', classNames });
}

/** An image in each folder, and folders without any. */
function folders(names: readonly string[], empty: readonly string[] = []): ImageSource {
  const labels = names.map((_, label) => label);
  return {
    ...numbers(labels),
    classNames: names,
    classes: names.length,
    labelling: nameLabelling(labels, 'folders', empty),
  };
}

async function labelsOf(source: ImageSource): Promise<number[]> {
  return (await source.read(Array.from({ length: source.length }, (_, at) => at))).map(({ label }) => label);
}

const digits = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];
const without = (missing: string): string[] => digits.filter((digit) => digit !== missing);

describe('names that are as many as the outputs', () => {
  it('keep their order, which is told', async () => {
    const fitted = fitClasses(folders(digits), model(10));
    expect(await labelsOf(fitted)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(fitted.notes).toEqual(['classes: 10 folders, in numeric order: 0, 1, … 9']);
    expect(fitted.fingerprint).toBe(folders(digits).fingerprint);
  });

  it('are so with folders that stand empty for a class', async () => {
    const fitted = fitClasses(folders(['cat', 'eel'], ['dog']), model(3));
    expect(await labelsOf(fitted)).toEqual([0, 2]);
    expect(fitted.classNames).toEqual(['cat', 'dog', 'eel']);
    expect(fitted.notes).toEqual(['classes: 3 folders, in alphabetical order: cat, dog, eel; no images of dog']);
    // The same folder means nothing where the classes are complete without it.
    expect(await labelsOf(fitClasses(folders(['cat', 'eel'], ['dog']), model(2)))).toEqual([0, 1]);
  });
});

describe('names that are fewer or more than the outputs', () => {
  it.each<[string, ImageSource, ModelClasses, RegExp]>([
    [
      'nine of ten',
      folders(without('4')),
      model(10),
      /9 folders \(0, 1, … 9\).*10 outputs.*'class-names': FILE.*numbers.*empty folders.*'label-offset': 1.*keep/,
    ],
    [
      'fifty of a thousand',
      folders(digits.flatMap((a) => digits.slice(5).map((b) => `n${a}${b}`))),
      model(1000),
      /50 folders.*1,000 outputs/,
    ],
    ['more', folders(['a', 'b', 'c']), model(2), /3 folders.*2 outputs.*move away/],
    [
      'behind an offset',
      folders(['a', 'b', 'c']),
      model(5, { labelOffset: 1, offsetGiven: true }),
      /3 folders.*5 outputs, 4 behind 'label-offset': 1/,
    ],
  ])('are a question: %s', (_, source, of, message) => {
    expect(() => fitClasses(source, of)).toThrow(message);
    expect(() => fitClasses(source, of)).toThrow(
      expect.objectContaining({ issue: expect.objectContaining({ code: 'classes-differ' }) }),
    );
  });

  it.each<[string, ImageSource, ModelClasses, ClassAnswers, number[]]>([
    ['they are numbers', folders(without('4')), model(10), { classNames: 'numbers' }, [0, 1, 2, 3, 5, 6, 7, 8, 9]],
    ['they count from 1', folders(['1', '2', '4']), model(4), { classNames: 'numbers', firstLabel: 1 }, [0, 1, 3]],
    ['a list of all', folders(['cat', 'eel']), model(3), { classNames: list(['eel', 'dog', 'Cat']) }, [2, 0]],
    ['the first of the model', folders(['cat', 'eel']), model(3), { keep: true }, [0, 1]],
    ['a background class', folders(['cat', 'eel']), model(3, { labelOffset: 1, offsetGiven: true }), {}, [0, 1]],
    ['names of the model', folders(['cat', 'eel']), model(3, { list: list(['bat', 'cat', 'eel']) }), {}, [1, 2]],
    [
      'names with the background',
      folders(['cat', 'eel']),
      model(3, { labelOffset: 1, offsetGiven: true, list: list(['none', 'eel', 'cat']) }),
      {},
      [1, 0],
    ],
  ])('are answered: %s', async (_, source, of, answers, labels) => {
    const fitted = fitClasses(source, of, answers);
    expect(await labelsOf(fitted)).toEqual(labels);
    expect(fitted.notes?.at(-1)).toMatch(/^classes: /);
  });

  it('change the fingerprint where labels change', () => {
    const source = folders(['cat', 'eel']);
    const fitted = (names: string[]): string => fitClasses(source, model(3), { classNames: list(names) }).fingerprint;
    expect(fitted(['cat', 'eel', 'fox'])).toBe(source.fingerprint);
    expect(
      new Set([fitted(['cat', 'eel', 'fox']), fitted(['cat', 'fox', 'eel']), fitted(['eel', 'cat', 'fox'])]).size,
    ).toBe(3);
  });
});

describe('names in a list', () => {
  const known = list(['tiger cat', 'T-shirt/top', 'crane', 'crane', 'dog']);
  it.each<[string[], number[]]>([
    [
      ['Tiger_Cat', 'dog'],
      [0, 4],
    ],
    [
      ['t-shirt_top', 'dog'],
      [1, 4],
    ],
  ])('are found but for case, spaces and the like: %j', async (names, labels) => {
    expect(await labelsOf(fitClasses(folders(names), model(5), { classNames: known }))).toEqual(labels);
  });

  it.each<[string[], string, RegExp]>([
    [['dog', 'tigercats'], 'unknown-class', /"tigercats" \(near: "tiger cat"\)/],
    [['dog', 'crane'], 'ambiguous-class', /"crane" as classes 2 and 3/],
    [['dog', 'Dog'], 'ambiguous-class', /one class "dog" for both "dog" and "Dog"/],
    [['x', 'y'], 'unknown-class', /"x", "y"/],
  ])('are refused by name: %j', (names, code, message) => {
    const fit = () => fitClasses(folders(names), model(5), { classNames: known });
    expect(fit).toThrow(message);
    expect(fit).toThrow(expect.objectContaining({ issue: expect.objectContaining({ code }) }));
  });

  it('of the model that calls all classes otherwise count for nothing, which is told', () => {
    const codes = folders(['n01', 'n02']);
    expect(fitClasses(codes, model(2, { list: list(['tench', 'goldfish']) })).notes?.at(-1)).toMatch(
      /2 folders, in alphabetical order: n01, n02; classes.txt calls them otherwise \("tench"/,
    );
    expect(() => fitClasses(codes, model(3, { list: list(['tench', 'goldfish', 'shark']) }))).toThrow(/2 folders/);
    expect(() => fitClasses(folders(['n01', 'tench']), model(2, { list: list(['tench', 'goldfish']) }))).toThrow(
      /"n01"/,
    );
  });
});

it('refuses a single class', () => {
  expect(() => fitClasses(folders(['images']), model(10), { keep: true })).toThrow(
    /just one folder of images, images.*10 outputs/,
  );
});

describe('numbers', () => {
  it('name the classes outright, however few occur', async () => {
    const source = numbers([3, 0, 7]);
    expect(await labelsOf(fitClasses(source, model(10)))).toEqual([3, 0, 7]);
    expect(fitClasses(source, model(10)).fingerprint).toBe(source.fingerprint);
    expect(await labelsOf(fitClasses(numbers(digits.slice(0, 9).map(Number)), model(10)))).toHaveLength(9);
  });

  it.each<[string, ImageSource, ModelClasses]>([
    ['of a format with ten classes', numbers([0, 3], digits), model(11)],
    ['of ten classes that all occur', numbers(digits.map(Number)), model(11)],
    ['of ImageNet', numbers([0, 5, 998]), model(1001)],
  ])('are asked about where an offset is due: %s', async (_, source, of) => {
    expect(() => fitClasses(source, of)).toThrow(
      /(10|1,000) classes, but m.onnx has (11|1,001) outputs.*'label-offset': 1.*'label-offset': 0/,
    );
    for (const labelOffset of [0, 1])
      expect(await labelsOf(fitClasses(source, { ...of, labelOffset, offsetGiven: true }))).toEqual(
        await labelsOf(source),
      );
  });

  it('beyond the model are refused, and counted from 1 where that is meant', async () => {
    const source = numbers([1, 10, 4]);
    expect(() => fitClasses(source, model(10))).toThrow(/labels from 1 to 10.*10 outputs.*'first-label': 1/);
    expect(await labelsOf(fitClasses(source, model(10), { firstLabel: 1 }))).toEqual([0, 9, 3]);
    expect(fitClasses(source, model(10), { firstLabel: 1 }).fingerprint).not.toBe(source.fingerprint);
    expect(() => fitClasses(numbers([0, 10]), model(10))).toThrow(/labels from 0 to 10.*Check that model and data/);
    expect(() => fitClasses(numbers([0, 9]), model(10), { firstLabel: 1 })).toThrow(/label 0.*'first-label'/);
  });

  it('with names of their own follow those of the model', async () => {
    const source = numbers([0, 1, 2], ['cat', 'dog', 'eel']);
    const fitted = fitClasses(source, model(3, { list: list(['eel', 'cat', 'dog']) }));
    expect(await labelsOf(fitted)).toEqual([1, 2, 0]);
    expect(fitted.classNames).toEqual(['eel', 'cat', 'dog']);
    expect(await labelsOf(fitClasses(source, model(3, { list: list(['a', 'b', 'c']) })))).toEqual([0, 1, 2]);
  });
});
