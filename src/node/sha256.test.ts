import { expect, it } from 'vitest';
import { nativeSha256Of } from './sha256.ts';

it('is the hash of FIPS 180-2, example B.1', () => {
  expect(nativeSha256Of(new TextEncoder().encode('abc'))).toBe(
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  );
});
