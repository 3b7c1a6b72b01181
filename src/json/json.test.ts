import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { parseBySchema } from './by-schema.ts';
import { formatField } from './format.ts';
import { shown } from './shown.ts';

const schema = z.looseObject({
  format: formatField('thing', 2),
  n: z.number(),
  side: z.enum(['a', 'b']).optional(),
  some: z.array(z.string().max(2)).min(1).optional(),
  share: z.number().positive().max(1).optional(),
  parts: z.array(z.object({ k: z.int() })).optional(),
  either: z.union([z.number(), z.array(z.number())]).optional(),
});
const read = (text: string) => parseBySchema(text, schema, { subject: 'file.json', code: 'bad', advice: 'Mend it.' });

describe('parseBySchema', () => {
  test('gives what fits, with keys that it does not know', () => {
    expect(read('{"n": 3, "toString": 1}')).toEqual({ n: 3, toString: 1 });
    expect(read('{"format": "gimbal-thing-1", "n": 3}').n).toBe(3);
  });

  test.each([
    ['', 'is empty'],
    ['   \n', 'is empty'],
    ['null', 'holds null, expected an object'],
    ['[1]', 'holds [1], expected an object'],
    ['{"n": 3', 'line 1, column 8: it ends before it is complete'],
    ['{"n": "abc', 'line 1, column 7: it ends before it is complete'],
    ['{\n "n": NaN}', 'line 2, column 7: found "NaN", which is no number in JSON'],
    ['{"n": -Infinity}', 'is no number in JSON'],
    ['{"n": None}', 'which is written true, false or null in JSON'],
    ["{'n': 3}", 'double quotes'],
    ['{"n": 3,}', 'column 9: found "}", which follows a comma'],
    ['{"n": 3} // why', 'a comment'],
    ['{"n": 3}{"n": 4}', 'column 9: found "{"'],
    ['{"n": 3, "n": 4}', 'line 1, column 10: the key "n" is there twice'],
    ['{"n": 3, "a": {"__proto__": {}}}', 'line 1, column 16: "__proto__"'],
    ['{"n": 1e999}', "'n': found Infinity, expected a number"],
    ['{"n": "3"}', `'n': found "3", expected a number`],
    ['{}', "'n' is missing"],
    ['{"n": 3, "side": "c"}', `'side': found "c", expected one of a, b`],
    ['{"n": 3, "parts": [{"k": 1}, {"k": 1.5}]}', "'parts.1.k': found 1.5, expected a whole number"],
    ['{"n": 3, "some": []}', "'some': found [], expected at least 1 entry"],
    ['{"n": 3, "some": ["abc"]}', `'some.0': found "abc", expected at most 2 characters`],
    ['{"n": 3, "share": 2}', "'share': found 2, expected a number up to 1"],
    ['{"n": 3, "share": 0}', "'share': found 0, expected a number above 0"],
    ['{"n": 3, "side": ["a"]}', `'side': found ["a"], expected one of a, b`],
    ['{"n": 3, "either": "x"}', `'either': found "x", expected a number or a list`],
    ['{"n": 3, "either": [1, "x"]}', `'either.1': found "x", expected a number`],
    ['{"format": "gimbal-thing-3", "n": 3}', 'a newer version of Gimbal wrote; this one reads up to gimbal-thing-2'],
    ['{"format": "gimbal-other-1", "n": 3}', 'a file of another kind'],
    [`${'['.repeat(200_000)}`, 'nested more than 100 levels deep'],
  ])('refuses %s', (text, message) => {
    let caught: unknown;
    try {
      read(text);
    } catch (error) {
      caught = error;
    }
    expect(caught).toMatchObject({ kind: 'misuse', issue: { code: 'bad', subject: 'file.json', advice: 'Mend it.' } });
    expect((caught as Error).message).toContain(message);
  });
});

test('any value can be shown', () => {
  const circular: Record<string, unknown> = {};
  circular.self = circular;
  expect([NaN, undefined, 10n, circular, () => 1, 'x'.repeat(100)].map(shown)).toEqual([
    'NaN',
    'nothing',
    '10',
    'an object',
    'a function',
    `"${'x'.repeat(59)}…`,
  ]);
});
