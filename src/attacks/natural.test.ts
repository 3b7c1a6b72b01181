import { expect, it } from 'vitest';
import { attackNamed, runAttack } from '../testing/attack-runs.ts';
import { IDENTITY } from '../transform/transformation.ts';

it.each([
  [0.5, true],
  [2, false],
])('asks for the image as it is alone: at a loss of %d robust is %s', (loss, robust) => {
  const { finding, probes } = runAttack(attackNamed('natural'), { loss: () => loss });
  expect(probes).toEqual([{ candidate: 0, transformation: IDENTITY }]);
  expect(finding).toMatchObject({ robust, exhaustive: 1, worst: { loss, transformation: IDENTITY } });
});
