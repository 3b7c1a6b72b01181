import { expect, it } from 'vitest';
import { refusalOf } from './refuse.ts';

const PORT = 4321;
const status = (headers: Record<string, string>, method = 'GET') => refusalOf({ method, headers }, PORT);

it('answers this machine by its own names alone', () => {
  expect(status({ host: '127.0.0.1:4321' })).toBeUndefined();
  expect(status({ host: 'localhost:4321' })).toBeUndefined();
  for (const host of [
    'evil.example:4321',
    '127.0.0.1',
    '127.0.0.1:80',
    'localhost.evil.example:4321',
    '[::1]:4321',
    '',
  ])
    expect(status({ host })).toBe(403);
  expect(status({})).toBe(403);
});

it('answers no page of another origin', () => {
  const host = '127.0.0.1:4321';
  expect(status({ host, origin: 'http://127.0.0.1:4321' })).toBeUndefined();
  for (const origin of ['http://evil.example', 'https://127.0.0.1:4321', 'http://127.0.0.1:80', 'null'])
    expect(status({ host, origin })).toBe(403);
  expect(status({ host, 'sec-fetch-site': 'same-origin' })).toBeUndefined();
  expect(status({ host, 'sec-fetch-site': 'none' })).toBeUndefined();
  expect(status({ host, 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'image' })).toBe(403);
  expect(
    status({ host, 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' }),
  ).toBe(403);
  // A link to the page, from a chat or a wiki.
  expect(
    status({ host, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }),
  ).toBeUndefined();
});

it('reads alone', () => {
  const host = '127.0.0.1:4321';
  expect(status({ host }, 'HEAD')).toBeUndefined();
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) expect(status({ host }, method)).toBe(405);
});
