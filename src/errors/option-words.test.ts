import { afterEach, expect, it } from 'vitest';
import { asProperty, optionWords, wordOptions } from './option-words.ts';

afterEach(() => wordOptions(asProperty));

it('writes an option as a program gives it', () => {
  expect(optionWords('offset')).toBe("'offset'");
  expect(optionWords('limit', 50)).toBe('limit: 50');
  expect(optionWords('class-names', 'FILE')).toBe("'class-names': 'FILE'");
});

it('writes it in the words of the edge that says so', () => {
  wordOptions((name, value = '') => `[${name}=${value}]`);
  expect(`Add ${optionWords('label-offset', 1)}.`).toBe('Add [label-offset=1].');
});
