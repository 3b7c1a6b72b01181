import fc from 'fast-check';
import { parseHTML } from 'linkedom';
import { expect, it } from 'vitest';
import { html, trusted } from './markup.ts';

it('escapes every value, in text and in attributes', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'<>&"\'/ab=;#!-') }), (text) => {
      const { document } = parseHTML(`<html><body>${html`<p title="${text}">${text}</p>`.text}</body></html>`);
      expect(document.querySelectorAll('body *')).toHaveLength(1);
      expect(document.querySelector('p')!.textContent).toBe(text);
      expect(document.querySelector('p')!.getAttribute('title')).toBe(text);
    }),
  );
});

it('keeps markup, joins lists and leaves out what is undefined', () => {
  expect(html`<ul>${[html`<li>${1}</li>`, html`<li>${'<'}</li>`]}</ul>${undefined}${trusted('<br>')}`.text).toBe(
    '<ul><li>1</li><li>&lt;</li></ul><br>',
  );
});

it('shows characters that no XML may hold and that steer who reads the source', () => {
  expect(html`<p title="${'a\u001b'}">${'\u0000b\u202ec\ud800\n]]>'}</p>`.text).toBe(
    '<p title="a\\u001b">\\u0000b\\u202ec\\ud800\n]]&gt;</p>',
  );
});
