import { describe, expect, it } from 'vitest';
import { arraySource } from '../data/array-source.ts';
import { nameLabelling } from '../data/labelling.ts';
import { findDoubts } from './doubts.ts';
import { LabelEvidence } from './label-evidence.ts';
import type { AttackRecord, ImageRecord } from './records.ts';
import { Summary } from './summarize.ts';

interface Case {
  readonly classes: number;
  /** Images of each class. */
  readonly each: number;
  /** The prediction for the image `i` of a class, and its loss. */
  readonly predict: (label: number, i: number) => number;
  readonly loss?: number;
  readonly named?: boolean;
  readonly labels?: readonly number[];
}

function doubtsOf({ classes, each, predict, loss = 0.5, named = false, labels }: Case): string[] {
  const summary = new Summary([{ name: 'natural' }]);
  const evidence = new LabelEvidence();
  for (const label of labels ?? Array.from({ length: classes }, (_, at) => at))
    for (let i = 0; i < each; i++) {
      const prediction = predict(label, i);
      const natural = { robust: prediction === label, tried: 1, exhaustive: 1, loss } as AttackRecord;
      const record: ImageRecord = { index: summary.n, label, prediction, attacks: { natural } };
      summary.add(record);
      evidence.add(record);
    }
  const plain = arraySource({ images: [Float32Array.of(0)], labels: [0], shape: { channels: 1, height: 1, width: 1 } });
  const source = named
    ? {
        ...plain,
        classNames: Array.from({ length: classes }, (_, at) => `c${at}`),
        labelling: nameLabelling([0], 'folders'),
      }
    : plain;
  return findDoubts(
    { n: summary.n, attacks: summary.attacks() },
    classes,
    evidence,
    source,
    ['pixels in [0, 1]'],
    false,
  );
}

/** Right for nine images of ten, else the class after the next. */
const good = (label: number, i: number): number => (i % 10 === 9 ? label + 2 : label);

describe('an accuracy is doubted', () => {
  it.each<[string, Case, RegExp]>([
    [
      'labels one too low',
      { classes: 11, each: 10, predict: (label, i) => good(label, i) + 1, labels: [0, 1, 2, 3, 4, 5, 6, 7] },
      /near chance.*off by 1, as the prediction is the label plus 1 for 90\.00 % of all images\. Raise 'label-offset' by 1\. Assumed: pixels/,
    ],
    [
      'labels one too high',
      { classes: 10, each: 10, predict: (label, i) => good(label, i) - 1, labels: [1, 2, 3, 4, 5, 6, 7] },
      /label minus 1 .*Raise 'first-label' by 1/,
    ],
    [
      'names sorted otherwise',
      { classes: 10, each: 10, predict: (label, i) => (i === 0 ? 0 : (label * 3) % 10), named: true },
      /near chance.*another order.*c1 as c3, c2 as c6, c3 as c9; so are 91\.00 %.*'class-names': FILE/,
    ],
    [
      'two classes that are swapped',
      { classes: 2, each: 20, predict: (label, i) => (i < 2 ? label : 1 - label) },
      /another order.*0 as 1, 1 as 0/,
    ],
    [
      'a class that is missing',
      {
        classes: 10,
        each: 20,
        predict: (label, i) => good(label, i) + (label >= 7 ? 1 : 0),
        labels: [0, 1, 2, 3, 4, 5, 6, 7, 8],
        named: true,
      },
      /accuracy of 70\.00 % leaves out classes.*label plus 1 for 90\.00 % of the images of c7, c8\. A class is missing/,
    ],
    [
      'one answer for most',
      { classes: 10, each: 10, predict: (label, i) => (i < 9 ? 3 : label) },
      /near chance.*answers class 3 for 91\.00 %.*most likely preprocessing/,
    ],
    [
      'answers without pattern',
      { classes: 10, each: 10, predict: (label, i) => (i < 9 ? (label * 7 + i * i + 1) % 10 : label), named: true },
      /near chance.*most likely the order of the classes/,
    ],
    [
      'scores worse than none',
      { classes: 10, each: 10, predict: (label, i) => (i < 6 ? (label * 7 + i) % 10 : label), loss: 5 },
      /far below what such a model reaches.*mean loss 5\.00, equal scores 2\.30/,
    ],
  ])('for %s', (_, of, message) => {
    expect(doubtsOf(of)).toEqual([expect.stringMatching(message)]);
  });
});

describe('an accuracy stands', () => {
  it.each<[string, Case]>([
    ['of a good model', { classes: 10, each: 10, predict: good }],
    [
      'of a model that is often wrong, and unsure',
      { classes: 10, each: 10, predict: (label, i) => (i < 6 ? (label * 7 + i) % 10 : label), loss: 1.9 },
    ],
    [
      'of a model that takes a class for another',
      { classes: 10, each: 20, predict: (label, i) => (label === 4 ? 7 : good(label, i)) },
    ],
    [
      'of a model that takes two classes for their like',
      { classes: 10, each: 20, predict: (label, i) => (label === 4 ? 5 : label === 1 ? 8 : good(label, i)) },
    ],
    [
      'of few images of each of many classes',
      { classes: 1000, each: 1, predict: (label) => (label % 2 === 0 ? label : (label * 7) % 1000) },
    ],
    ['of a dozen images', { classes: 2, each: 6, predict: (label) => 1 - label }],
  ])('%s', (_, of) => {
    expect(doubtsOf(of)).toEqual([]);
  });
});
