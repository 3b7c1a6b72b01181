import { expect, it } from 'vitest';
import { md5Of } from './md5.ts';

it('is the hash of RFC 1321, appendix A.5', () => {
  expect(md5Of(new TextEncoder().encode('abc'))).toBe('900150983cd24fb0d6963f7d28e17f72');
});
