import { expect, test } from 'vitest';
import { z } from 'zod';
import { option, optionEntries, retold } from './option.ts';

const facts = { group: 'g', value: 'N', help: 'one' };

test('an option that another command tells in other words stays what it is for the first', () => {
  const first = option(z.number().default(3), facts);
  const second = retold(first, { help: 'other' });
  expect(optionEntries(z.object({ first, second }))).toMatchObject([
    { help: 'one', value: 'N', default: 3 },
    { help: 'other', value: 'N', default: 3 },
  ]);
});

test('no option is told twice', () => {
  const once = option(z.number(), facts);
  expect(() => option(once, facts)).toThrow('told twice');
});
