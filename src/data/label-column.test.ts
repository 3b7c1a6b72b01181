import { describe, expect, it } from 'vitest';
import { readLabelColumn } from './label-column.ts';

/** Cells of the lines from 2 on, below the names of the columns. */
const cells = (...texts: string[]) => texts.map((text, at) => ({ text, place: `line ${at + 2}` }));
const read = (texts: string[], known?: string[]) => readLabelColumn(cells(...texts), 'list.csv', known);

describe('a column of labels', () => {
  it.each([[['3', '0', '12']], [['3.0', '0.0', '12.0']], [['3.', '+0', '12']], [['03', '00', '12']]])(
    'says numbers: %j',
    (texts) => {
      expect(read(texts)).toEqual({ numbers: [3, 0, 12] });
    },
  );

  it('says names, of which some may be numbers', () => {
    const names = ['corsa', 'golf', '911', 'punto', 'none', 'polo', 'clio'];
    expect(read(names)).toEqual({ names });
  });

  it('says names that are listed, whatever they look like', () => {
    expect(read(['1', '10', 'nan', '7e0'], ['nan', '1', '10', '7e0', '2'])).toEqual({
      names: ['1', '10', 'nan', '7e0'],
    });
    expect(read(['1', '10'], ['zero', 'one'])).toEqual({ numbers: [1, 10] });
  });

  const numbers = Array.from({ length: 50 }, (_, at) => String(at % 10));
  it.each([
    ['nan', /line 52: has the label "nan", which is no whole number, as those of 50 others are\. Correct it/],
    ['', /line 52: has no label/],
    ['7e0', /"7e0"/],
    ['1.5', /"1\.5"/],
    ['O', /"O"/],
    ['3;', /"3;"/],
    ['-1', /line 52: has label -1/],
    ['1e400', /"1e400"/],
    ['99999999999999999999', /whole numbers from 0 up/],
  ])('of numbers has one odd cell, whose line is named: %j', (text, message) => {
    expect(() => read([...numbers, text])).toThrow(message);
  });

  it.each([
    [['cat', 'dog', '3', 'eel'], /line 4: has the label "3", a number where the others are names/],
    [['cat', 'dog', '0.5', 'eel', 'fox'], /line 4: has the label "0.5", which is no name/],
    [['cat', 'dog', 'NaN'], /line 4: has the label "NaN"/],
    [['0.5', '0.25'], /line 2: has the label "0.5" \(and 1 more like it\), which is no whole number\./],
    [['1', '2', 'x', 'y', 'z'], /line 2: has the label "1" \(and 1 more/],
  ])('mixes what it may not: %j', (texts, message) => {
    expect(() => read(texts)).toThrow(message);
  });
});
