import { expect, it } from 'vitest';
import { escapeMarkdown } from './escape-markdown.ts';

it('keeps a name in its cell and on its line', () => {
  expect(escapeMarkdown('a|b`c\n\u2028d\u001b<i>\u202e')).toBe('a\\|b\\`c d\\\\u001b&lt;i&gt;\\\\u202e');
});
