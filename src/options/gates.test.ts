import { expect, it } from 'vitest';
import { createAttack } from '../attacks/create-attack.ts';
import { gates } from './attack-values.ts';
import { requireGates } from './require-gates.ts';

const read = (given: unknown) => gates().safeParse(given);

it('reads what has to be withstood, and what it gave before', () => {
  const asked = 'grid=60,tolerance:rotation=10deg@95,tolerance:translation=2px@90%,tolerance=50%@75';
  const { data } = read(asked);
  expect(data).toEqual({
    grid: 60,
    'tolerance:rotation': { size: 10, share: 95 },
    'tolerance:translation': { size: 2, share: 90 },
    tolerance: { size: 0.5, share: 75 },
  });
  expect(read(data).data).toEqual(data);
});

it('asks about what cannot be meant', () => {
  const question = (given: string): string => read(given).error!.issues[0].message;
  expect(question('tolerance:rotation=60')).toMatch(/a size and the percent of images .* Write it as 10deg@95/);
  expect(question('tolerance:rotation=10deg@0.95')).toMatch(/Is 95 % meant/);
  expect(question('tolerance:rotation=0.5@95')).toMatch(/Are radians meant/);
  expect(question('tolerance:translation=0.1@95')).toMatch(/Is a part of the side meant/);
  expect(question('tolerance=0.5@95')).toMatch(/Is 50 % meant/);
  expect(question('tolerance:rotation=10px@95')).toMatch(/Write it as 10deg@95/);
  expect(question('tolerance:rotation=10deg@95@90')).toMatch(/Write it as 10deg@95/);
});

it('refuses sizes that the run does not measure', () => {
  const attacks = ['tolerance:rotation', 'tolerance'].map((name) =>
    createAttack(name, { box: { tx: 3, ty: 3, angle: 30 } }),
  );
  expect(() => requireGates({ 'tolerance:rotation': { size: 30, share: 50 } }, attacks)).not.toThrow();
  expect(() => requireGates({ 'tolerance:rotation': { size: 31, share: 50 } }, attacks)).toThrow(
    /'fail-under': asks what images withstand up to 31 degrees under tolerance:rotation, which is measured up to 30/,
  );
});
