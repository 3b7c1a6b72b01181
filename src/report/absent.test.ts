import { expect, it } from 'vitest';
import { withFlags } from './absent.ts';

it('repeats a command with other flags in a folder of its own, or in the same where nothing else is measured', () => {
  const command =
    "gimbal evaluate 'my model.onnx' --data photos --attacks 'a b' --out 'my runs/1' --exhaustive --quiet";
  expect(withFlags(command, '--attacks tolerance')).toBe(
    "gimbal evaluate 'my model.onnx' --data photos --exhaustive --attacks tolerance",
  );
  expect(withFlags(command, '--landscapes 3', { measured: false })).toBe(
    "gimbal evaluate 'my model.onnx' --data photos --attacks 'a b' --out 'my runs/1' --exhaustive --landscapes 3",
  );
  expect(withFlags('evaluate({"model":"m"})', '--exhaustive')).toBe('gimbal evaluate … --exhaustive');
});
