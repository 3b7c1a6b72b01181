import { expect, test } from 'vitest';
import { misuse } from './error.ts';
import { oneParagraph, visible, visibleText } from './visible.ts';

test('what steers a terminal, turns text around or breaks lines is shown', () => {
  expect(visible('a\u001b[2Jb\u0000\u007f\u009b\n\r\tc')).toBe('a\\u001b[2Jb\\u0000\\u007f\\u009b\\n\\r\\tc');
  expect(visible('\u202egnp.exe\u2066\u200f\u2028\u2029\ud800')).toBe(
    '\\u202egnp.exe\\u2066\\u200f\\u2028\\u2029\\ud800',
  );
});

test('letters of any script and emoji stay', () => {
  const text = 'Käse 猫 قط 👩‍👩‍👧 – “x” 30°';
  expect([visible(text), visibleText(text)]).toEqual([text, text]);
});

test('text keeps its lines, and JSON its values', () => {
  const value = { name: 'a\u009b\u202e\u2028\u007f\n"\\', list: [1] };
  const shown = visibleText(JSON.stringify(value, undefined, 2));
  expect(shown).not.toMatch(/[\u007f-\u009f\u202e\u2028]/);
  expect(JSON.parse(shown)).toEqual(value);
});

test('messages are one paragraph', () => {
  expect(oneParagraph(' first\n  second\r\n\nthird\u001b ')).toBe('first second third\\u001b');
  const { message, issue } = misuse({ code: 'x', subject: 'a\nb\u001b', problem: 'is odd:\nvery.' });
  expect(message).toBe('a b\\u001b: is odd: very.');
  expect(issue.subject).toBe('a\nb\u001b');
});
