import { createHash } from 'node:crypto';
import { parseHTML } from 'linkedom';
import { expect, it } from 'vitest';
import { headings, number, sortableTable, text } from './components.ts';
import { html } from './markup.ts';
import { PAGE_SCRIPT, PAGE_SCRIPT_SHA256 } from './page-script.ts';

it('is the script that the page allows', () => {
  expect(createHash('sha256').update(PAGE_SCRIPT).digest('base64')).toBe(PAGE_SCRIPT_SHA256);
});

it('sorts a table by numbers and by words, up and down', () => {
  const row = (name: string, value: number, shown: string) =>
    html`<tr><td>${name}</td><td data-value="${value}">${shown}</td></tr>`;
  const table = sortableTable(headings(text('Class'), number('Loss')), [
    row('eel', 10, '10 high'),
    row('cat', 9, '9 low'),
    row('dog', 0.5, 'half'),
  ]);
  const { document } = parseHTML(`<html><body>${table.text}</body></html>`);
  new Function('document', PAGE_SCRIPT)(document);
  const names = () =>
    Array.from(
      document.querySelectorAll('tbody tr'),
      (one) => (one as { children: { textContent: string }[] }).children[0].textContent,
    );
  const click = (at: number) => (document.querySelectorAll('button')[at] as { click(): void }).click();
  click(1);
  expect(names()).toEqual(['dog', 'cat', 'eel']);
  click(1);
  expect(names()).toEqual(['eel', 'cat', 'dog']);
  click(0);
  expect(names()).toEqual(['cat', 'dog', 'eel']);
  expect(document.querySelectorAll('[aria-sort]')).toHaveLength(1);
});

it('shows one frame at a time, and tells it to who cannot see', () => {
  const part = (frame: number, text: string, hidden = '') => `<p data-frame="${frame}"${hidden}>${text}</p>`;
  const { document } = parseHTML(
    `<html><body><li class="example">${part(0, 'cat', ' hidden')}${part(1, 'dog')}
    ${part(0, '5°', ' hidden')}${part(1, '10°')}
    <div class="sweep"><input type="range" value="1" hidden></div></li></body></html>`,
  );
  new Function('document', PAGE_SCRIPT)(document);
  const range = document.querySelector('input') as unknown as {
    value: string;
    hidden: boolean;
    dispatchEvent(e: unknown): void;
  } & {
    getAttribute(name: string): string;
  };
  expect([range.hidden, range.getAttribute('aria-valuetext')]).toEqual([false, '10°; dog']);
  range.value = '0';
  range.dispatchEvent(new (document.defaultView as unknown as { Event: typeof Event }).Event('input'));
  expect(range.getAttribute('aria-valuetext')).toBe('5°; cat');
  const shown = Array.from(
    document.querySelectorAll('[data-frame]:not([hidden])'),
    (one) => (one as { textContent: string }).textContent,
  );
  expect(shown).toEqual(['cat', '5°']);
});
