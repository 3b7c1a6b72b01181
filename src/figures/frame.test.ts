import { parseHTML } from 'linkedom';
import { expect, it } from 'vitest';
import { frame } from './frame.ts';

it('can be read out and takes names with markup in them as text', () => {
  const svg = frame({
    title: 'a < b & "c"',
    description: '<script>alert(1)</script>',
    legend: [{ label: '<b>', colour: 'red', symbol: 'line' }],
    panels: [{ height: 10, markup: '<path d="M0.123456,1L-2.5,1e-7"/><text>0.123456</text>' }],
  });
  const { document } = parseHTML('<html><body>' + svg + '</body></html>');
  expect(document.querySelector('svg')!.getAttribute('role')).toBe('img');
  expect(document.querySelector('title')!.textContent).toBe('a < b & "c"');
  expect(document.querySelector('desc')!.textContent).toBe('<script>alert(1)</script>');
  expect(document.querySelector('script')).toBeNull();
  expect(document.querySelector('path[d^="M0.12"]')!.getAttribute('d')).toBe('M0.12,1L-2.5,1e-7');
  expect(svg).toContain('<text>0.123456</text>');
});

it('shows characters that no XML may hold, also where a chart wrote them', () => {
  const svg = frame({
    title: 'a\u001b',
    description: '\u0000]]>',
    legend: [{ label: '\u202e', colour: 'red', symbol: 'line' }],
    panels: [{ height: 10, markup: '<text>\u0007\ud800</text>' }],
  });
  expect(svg).toContain('<title>a\\u001b</title><desc>\\u0000]]&gt;</desc>');
  expect(svg).toContain('<text>\\u0007\\ud800</text>');
  expect(svg).not.toMatch(/[\p{Cc}\p{Cs}\u202e]/u);
});

it('wraps a legend that is wider than the figure', () => {
  const legend = ['one rather long name', 'another rather long name', 'and a third long name'].map((label) => ({
    label,
    colour: 'red',
    symbol: 'dot' as const,
  }));
  const height = (svg: string) => Number(/viewBox="0 0 440 ([\d.]+)"/.exec(svg)![1]);
  const draw = (items: typeof legend) => height(frame({ title: '', description: '', legend: items, panels: [] }));
  expect(draw(legend)).toBeGreaterThan(draw(legend.slice(0, 1)));
});
