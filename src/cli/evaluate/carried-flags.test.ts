import { expect, it } from 'vitest';
import { evaluateSchema } from '../../options/evaluate-options.ts';
import { readOptions } from '../../options/read-options.ts';
import { carriedFlags, FEEDING, READING } from './carried-flags.ts';

const parse = (values: object) =>
  readOptions(evaluateSchema, [
    { values: { model: 'm.onnx', data: 'photos', ...values } as Record<string, unknown>, describe: (name) => name },
  ]);

it('hands on what was said of feeding and reading, in flags that say the same', () => {
  const options = parse({ mean: '.485,.456,.406', std: '.2', bgr: true, resize: '64x48', size: '3x48x64', crop: 48 });
  const flags = carriedFlags(options, [...FEEDING, ...READING]);
  expect(flags.join(' ')).toBe('--mean 0.485,0.456,0.406 --std 0.2 --bgr --size 3x48x64 --resize 64x48 --crop 48');
  expect(carriedFlags(parse({}), [...FEEDING, ...READING])).toEqual([]);
});
