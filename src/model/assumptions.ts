import { describeShape } from '../image/image.ts';
import type { ModelDescription } from './description.ts';
import type { Preprocessing } from './preprocessing.ts';

/**
 * What is taken for granted about feeding a model, in words: the first things to check where accuracy is near chance.
 */
export function assumptionsOf({
  description,
  preprocessing,
}: {
  readonly description: ModelDescription;
  readonly preprocessing: Preprocessing;
}): string[] {
  const { input, output } = description;
  const { scale, mean, std, perImageStandardization, bgr } = preprocessing;
  const range = scale.replace(',', ', ');
  return [
    `${input.layout.toUpperCase()} input of ${describeShape(input.shape)} (--layout, --size)`,
    ...(input.shape.channels === 3
      ? [`channels in the order ${bgr ? 'blue, green, red' : 'red, green, blue'} (--bgr)`]
      : []),
    `pixels in [${range}] (--scale)`,
    perImageStandardization
      ? 'each image standardised by itself (--per-image-standardization)'
      : `mean ${mean.join(', ')} and deviation ` +
        `${std.join(', ')}${bgr && mean.length + std.length > 2 ? ', blue first' : ''} (--mean, --std)`,
    `label 0 is class ${output.labelOffset} of the model (--label-offset)`,
  ];
}
