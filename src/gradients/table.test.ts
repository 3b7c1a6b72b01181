import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { referenceCases } from '../testing/gradient-reference.ts';
import { FAMILIES } from './registry.ts';
import { operatorTable } from './table.ts';

it('docs/operators.md lists the rules', async () => {
  await expect(operatorTable()).toMatchFileSnapshot(fileURLToPath(new URL('../../docs/operators.md', import.meta.url)));
});

it('every rule that passes gradients on is checked against a reference', () => {
  const checked = new Set(referenceCases().map((entry) => entry.opType));
  const rules = Object.values(FAMILIES)
    .flat()
    .filter((rule) => rule.inputs.length > 0)
    .map((rule) => rule.opType);
  // Cast changes the type, which the reference leaves alone: differentiate.test.ts has it.
  expect(rules.filter((opType) => !checked.has(opType))).toEqual(['Cast']);
});
