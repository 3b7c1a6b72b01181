import type { Preprocessing } from './preprocessing.ts';
import { optionWords } from '../errors/option-words.ts';

/**
 * Means of red, green and blue in [0, 1] that models are often trained with: ImageNet's in two forms, CIFAR-10's,
 * CIFAR-100's.
 */
const KNOWN_MEANS = [
  [0.485, 0.456, 0.406],
  [123.68 / 255, 116.779 / 255, 103.939 / 255],
  [0.4914, 0.4822, 0.4465],
  [0.5071, 0.4867, 0.4408],
];

/**
 * Whether means that everybody knows stand in the other order than the channels. Means and deviations apply to the
 * channels as the model takes them, so that with `bgr` the first is blue's: mixed up, they cost some accuracy and no
 * more, which is hard to see.
 *
 * @returns a sentence; undefined where nothing is odd
 */
export function channelOrderDoubt({ mean, bgr }: Preprocessing): string | undefined {
  if (mean.length !== 3) return undefined;
  const matches = (values: readonly number[]): boolean =>
    KNOWN_MEANS.some((known) => [1, 255].some((scale) => known.every((v, i) => near(values[i], scale * v))));
  const isRedFirst = matches(mean);
  if (isRedFirst ? !bgr : !(bgr === false && matches(mean.toReversed()))) return undefined;
  const [order, other] = bgr ? ['blue, green, red', 'red, green, blue'] : ['red, green, blue', 'blue, green, red'];
  return (
    `The model takes ${order} (${optionWords('bgr')} ${bgr ? 'is' : 'is not'} given), but the means ` +
    `${mean.join(', ')} are known as those of ${other}: ${optionWords('mean')} and ${optionWords('std')} are meant ` +
    "in the order of the model's channels, after the swap."
  );
}

function near(value: number, known: number): boolean {
  return Math.abs(value - known) <= 0.002 * known;
}
