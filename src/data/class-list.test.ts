import { expect, it } from 'vitest';
import { parseClassNames } from './class-list.ts';
import { orderClasses } from './class-order.ts';
import { readLiteral } from './literal.ts';

it.each([
  ['lines', 'cat\r\nbig dog \n\n'],
  ['a JSON list', '["cat", "big dog"]'],
  ['a JSON dictionary', '{"1": "big dog", "0": "cat"}'],
  ['class_to_idx', '{"big dog": 1, "cat": 0}'],
  ['a Python dictionary', "{0: 'cat', 1: 'big dog'}"],
  ['a Python tuple', '(\'cat\', "big dog",)'],
])('reads class names from %s', (_, text) => {
  expect(parseClassNames(text, 'names')).toEqual(['cat', 'big dog']);
});

it.each([
  ['', /is empty/],
  ['cat\n\ndog', /line 2 is empty/],
  ['["cat", "dog"', /cannot be read/],
  ['{"0": "cat", "2": "dog"}', /numbers from 0 up/],
  ['[["cat"], "dog"]', /no list of names/],
  ['["cat", ""]', /no list of names/],
  ['{0: "cat", 0: "dog"}', /cannot be read/],
])('refuses %j', (text, message) => {
  expect(() => parseClassNames(text, 'names')).toThrow(message);
});

it('reads literals and nothing that would have to be executed', () => {
  expect(readLiteral(String.raw`['it\'s', "\u00e9\x41\n", -1.5e2, True, None, [], {}]`)).toEqual([
    "it's",
    'éA\n',
    -150,
    true,
    null,
    [],
    new Map(),
  ]);
  for (const text of [
    'open("x")',
    '[1',
    '1]',
    '{1}',
    '[1 2]',
    "'a' 'b'",
    '__import__',
    '['.repeat(5000),
    'hello, world',
  ])
    expect(readLiteral(text)).toBeUndefined();
});

it('sorts whole numbers as numbers, and tells where text would sort otherwise', () => {
  expect(orderClasses(['10', '2', '1'], 'folders')).toEqual({
    names: ['1', '2', '10'],
    told: expect.stringMatching(
      /^3 folders, in numeric order: 1, 2, 10 \(sorted as text.* 1, 10, 2: .*'class-names': FILE\)$/,
    ),
  });
  expect(orderClasses(['b', '10', 'a2'], 'folders')).toEqual({
    names: ['10', 'a2', 'b'],
    told: '3 folders, in alphabetical order: 10, a2, b',
  });
});
