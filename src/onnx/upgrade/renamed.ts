import { stringOf } from '../attributes.ts';
import type { UpgradeRule } from './step.ts';

/** Scatter became ScatterElements in opset 11. */
export const scatter: UpgradeRule = (step) => step.builder.add({ ...step.node, opType: 'ScatterElements' });

const MODES: ReadonlyMap<string, string> = new Map(Object.entries({ bilinear: 'linear', bicubic: 'cubic' }));

/** GridSample's modes were renamed in opset 20. */
export const gridSample: UpgradeRule = (step) => {
  const mode = stringOf(step.node, 'mode', step.opset < 20 ? 'bilinear' : 'linear');
  step.withAttributes({ mode: { kind: 'string', value: MODES.get(mode) ?? mode } });
};

/** RoiAlign samples at half pixels by default since opset 16. */
export const roiAlign: UpgradeRule = (step) => {
  if (step.opset >= 16) return step.builder.add(step.node);
  step.withAttributes({ coordinate_transformation_mode: { kind: 'string', value: 'output_half_pixel' } });
};
