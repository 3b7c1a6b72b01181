import { expect, it } from 'vitest';
import { shortened, textWidth } from './text-width.ts';

// Advance widths of DejaVu Sans, the widest of the common ones, at 12 px.
it.each([
  ['WWWWWWWWWW', 118.6],
  ['MMMMMMMMMM', 103.5],
  ['Warmwasserzähler', 113.8],
  ['airplane', 48.9],
  ['n02108915', 68.6],
])('allows %s the space that it takes', (text, measured) => {
  expect(textWidth(text)).toBeGreaterThanOrEqual(measured);
  expect(textWidth(text)).toBeLessThan(1.3 * measured);
});

it('shortens by width, not by number of letters', () => {
  expect(shortened('Illinois', 60)).toBe('Illinois');
  expect(shortened('MMMMMMMM', 60)).toBe('MMMM…');
  expect(shortened('漢字漢字漢字漢字', 60)).toBe('漢字漢…');
});
