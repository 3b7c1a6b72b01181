import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { decodeText, readText, readTextIfThere } from '../../ports/read-text.ts';
import { nodeFiles } from '../files.ts';

const TEXT = 'path,label\nKäse.png,1\n';
const little = Buffer.from(TEXT, 'utf16le');
const big = Buffer.from(little).swap16();

test.each([
  ['UTF-8', Buffer.from(TEXT)],
  ['UTF-8 with a mark', Buffer.from(`\ufeff${TEXT}`)],
  ['UTF-16, little-endian', Buffer.concat([Buffer.from([0xff, 0xfe]), little])],
  ['UTF-16, big-endian', Buffer.concat([Buffer.from([0xfe, 0xff]), big])],
  ['UTF-16, little-endian, without a mark', little],
  ['UTF-16, big-endian, without a mark', big],
])('reads %s', (_, bytes) => {
  expect(decodeText(bytes, 'list.csv')).toBe(TEXT);
});

test.each([
  ['Latin-1', Buffer.from(TEXT, 'latin1'), 'line 2 is not UTF-8 text'],
  ['a picture', Buffer.from('89504e470d0a1a0a00', 'hex'), 'line 1 is not UTF-8 text'],
  ['a zero byte', Buffer.from('a,b\n\0\n'), 'line 2 is not UTF-8 text'],
  ['a character cut in half', Buffer.from([0x61, 0x0a, 0xc3]), 'line 2 is not UTF-8 text'],
  ['half a character of UTF-16', Buffer.concat([Buffer.from([0xff, 0xfe]), little.subarray(0, 5)]), 'UTF-16 text'],
])('names the line of %s', (_, bytes, message) => {
  expect(() => decodeText(bytes, 'list.csv')).toThrow(message);
});

test('reads no text as no text, and only files', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gimbal-test-'));
  try {
    await writeFile(join(folder, 'empty'), '');
    expect(await readText(nodeFiles, join(folder, 'empty'))).toBe('');
    expect(await readTextIfThere(nodeFiles, join(folder, 'missing'))).toBeUndefined();
    await expect(readText(nodeFiles, join(folder, 'missing'))).rejects.toThrow('does not exist');
    await expect(readTextIfThere(nodeFiles, folder)).rejects.toThrow('is a folder');
    await expect(readText(nodeFiles, '/dev/zero')).rejects.toThrow('is a device');
  } finally {
    await rm(folder, { recursive: true });
  }
});
