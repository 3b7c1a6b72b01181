import { describeShape } from '../image/image.ts';
import type { ModelDescription } from './description.ts';
import type { Preprocessing } from './preprocessing.ts';
import { optionWords } from '../errors/option-words.ts';

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
    `${input.layout.toUpperCase()} input of ${describeShape(input.shape)} (${optionWords('layout')}, ` +
      `${optionWords('size')})`,
    ...(input.shape.channels === 3
      ? [`channels in the order ${bgr ? 'blue, green, red' : 'red, green, blue'} (${optionWords('bgr')})`]
      : []),
    `pixels in [${range}] (${optionWords('scale')})`,
    perImageStandardization
      ? `each image standardised on its own (${optionWords('per-image-standardization')})`
      : `mean ${mean.join(', ')} and deviation ` +
        `${std.join(', ')}${bgr && mean.length + std.length > 2 ? ', blue first' : ''} ` +
        `(${optionWords('mean')}, ${optionWords('std')})`,
    `label 0 is class ${output.labelOffset} of the model (${optionWords('label-offset')})`,
  ];
}
