import { expect, it } from 'vitest';
import { measuredOtherwise, otherAdversary } from './configuration.ts';
import type { RunConfig } from './run-files.ts';

const config = (options: object, box: object): RunConfig =>
  ({
    versions: { gimbal: '1' },
    model: { sha256: 'a' },
    data: { fingerprint: 'f' },
    options: { rotation: 30, ...options },
    box,
  }) as unknown as RunConfig;

it('takes a limit that is the default for one that says the same, and tells others in pixels', () => {
  const usual = config({}, { tx: 3, ty: 3, angle: 30 });
  const said = config({ translation: { unit: 'px', value: 3 } }, { tx: 3, ty: 3, angle: 30 });
  const wider = config({ translation: { unit: '%', value: 20 } }, { tx: 6.4, ty: 6.4, angle: 30 });
  expect([measuredOtherwise(usual, said), otherAdversary(usual, said, ['A', 'B'])]).toEqual([[], []]);
  const told = [`'translation': "3 px" for A, "6.4 px" for B`];
  expect(measuredOtherwise(usual, wider)).toEqual(told);
  expect(otherAdversary(usual, wider, ['for A', 'for B'])).toEqual(told);
});
