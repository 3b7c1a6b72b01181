import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { FUSIONS } from '../onnx/expansions/fusions.ts';
import { LATER_OPERATORS } from '../onnx/upgrade/operators.ts';
import { referenceCases } from '../testing/gradient-reference.ts';
import { FAMILIES } from './registry.ts';
import { operatorTable } from './table.ts';

it('docs/operators.md lists the rules', async () => {
  await expect(operatorTable()).toMatchFileSnapshot(fileURLToPath(new URL('../../docs/operators.md', import.meta.url)));
});

it('every fused operator and every one of later opsets is checked against a reference, but for what is named', () => {
  const checked = new Set(
    referenceCases().map((entry) => (entry.domain === '' ? '' : `${entry.domain}.`) + entry.opType),
  );
  const unchecked = [...FUSIONS.keys(), ...Object.keys(LATER_OPERATORS)].filter((name) => !checked.has(name));
  // The first and the last two are written as others that are checked; fused-operators.test.ts has MatMulNBits.
  expect(unchecked.map((name) => name.replace('com.microsoft.', ''))).toEqual([
    'LayerNormalization',
    'MatMulNBits',
    'SimplifiedLayerNormalization',
    'TransposeMatMul',
  ]);
});

it('every rule that passes gradients on is checked against a reference', () => {
  const checked = new Set(referenceCases().map((entry) => entry.opType));
  const rules = Object.values(FAMILIES)
    .flat()
    .filter((rule) => rule.inputs.length > 0)
    .map((rule) => rule.opType);
  // These change the type, which the reference leaves alone: differentiate.test.ts has them.
  expect(rules.filter((opType) => !checked.has(opType))).toEqual([
    'Cast',
    'CastLike',
    'QuantizeLinear',
    'DequantizeLinear',
  ]);
});
