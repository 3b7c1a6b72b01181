import { afterEach, expect, it } from 'vitest';
import { AS_PROPERTIES, inOwnWords, MARKED, optionWords, wordOptions, wordsOfAll } from './option-words.ts';

afterEach(() => wordOptions(AS_PROPERTIES));

it('writes an option as a program gives it', () => {
  expect(optionWords('offset')).toBe("'offset'");
  expect(optionWords('limit', 50)).toBe('limit: 50');
  expect(optionWords('class-names', 'FILE')).toBe("'class-names': FILE");
  expect(optionWords('set', ['epochs=3', 'flip=true'])).toBe("set: ['epochs=3', 'flip=true']");
  expect(wordsOfAll({ scale: '0,255', bgr: true })).toBe("scale: '0,255', bgr: true");
});

it('writes it in the words of the edge that says so', () => {
  wordOptions({ option: (name, value) => `[${name}=${value}]`, between: '' });
  expect(`Add ${optionWords('label-offset', 1)}.`).toBe('Add [label-offset=1].');
  expect(wordsOfAll({ a: 1, b: 2 })).toBe('[a=1][b=2]');
});

it('leaves the words to whoever gets what a worker threw', () => {
  wordOptions(MARKED);
  const [alone, sized, given] = [optionWords('offset'), optionWords('resize', '9x11'), optionWords('bgr', true)];
  wordOptions(AS_PROPERTIES);
  expect(inOwnWords(`${alone}, ${sized}, ${given}`)).toBe("'offset', resize: '9x11', bgr: true");
  expect(inOwnWords('\uE000["a","\\q"]\uE001')).toBe('\uE000["a","\\q"]\uE001');
});
