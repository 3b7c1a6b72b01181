import type { OptionValue } from '../errors/option-words.ts';
import type { ModelInput } from './description.ts';
import { takesBytes } from './description.ts';
import { defaultPreprocessing, type Preprocessing } from './preprocessing.ts';

/** Means and deviations of pixels in [0, 1] that published code normalises by. */
const STATISTICS = {
  3: [
    // ImageNet, as torchvision and timm have it.
    { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
    // CLIP and what is fine-tuned from it.
    { mean: [0.4815, 0.4578, 0.4082], std: [0.2686, 0.2613, 0.2758] },
    // CIFAR-10, with the deviation of all pixels and with the mean deviation of an image; CIFAR-100.
    { mean: [0.4914, 0.4822, 0.4465], std: [0.247, 0.2435, 0.2616] },
    { mean: [0.4914, 0.4822, 0.4465], std: [0.2023, 0.1994, 0.201] },
    { mean: [0.5071, 0.4867, 0.4408], std: [0.2675, 0.2565, 0.2761] },
  ],
  1: [
    // MNIST and Fashion-MNIST.
    { mean: [0.1307], std: [0.3081] },
    { mean: [0.286], std: [0.353] },
  ],
} as const;

/** ImageNet's mean in bytes, subtracted and nothing else: Caffe, and Keras in the mode of that name. */
const CAFFE = { scale: '0,255', mean: [123.68, 116.779, 103.939] } as const;

/** Ways of feeding pixels that published models want, the plain ones first; each with either order of channels. */
export function usualPreprocessing(input: ModelInput): Preprocessing[] {
  const { channels } = input.shape;
  const plain = defaultPreprocessing(input);
  const statistics: readonly Pick<Preprocessing, 'mean' | 'std'>[] =
    channels === 3 ? STATISTICS[3] : channels === 1 ? STATISTICS[1] : [];
  const ways: Preprocessing[] = takesBytes(input)
    ? [plain]
    : [
        plain,
        { ...plain, scale: '0,255' },
        { ...plain, scale: '-1,1' },
        ...statistics.map((of) => ({ ...plain, ...of })),
        ...(channels === 3 ? [{ ...plain, ...CAFFE }] : []),
        { ...plain, perImageStandardization: true },
      ];
  return channels === 3 ? [...ways, ...ways.map(swapped)] : ways;
}

/** The same numbers for the same colours, where the model takes blue first. */
function swapped({ mean, std, ...rest }: Preprocessing): Preprocessing {
  return { ...rest, mean: mean.toReversed(), std: std.toReversed(), bgr: true };
}

/** The options that say it, by name; none where none is needed. */
export function preprocessingOptions(p: Preprocessing, input: ModelInput): Readonly<Record<string, OptionValue>> {
  const plain = defaultPreprocessing(input);
  const listed = (values: readonly number[]): string => values.map((v) => String(v).replace(/^0\./, '.')).join(',');
  return {
    ...(p.scale === plain.scale ? {} : { scale: p.scale }),
    ...(p.mean.some((v) => v !== 0) ? { mean: listed(p.mean) } : {}),
    ...(p.std.some((v) => v !== 1) ? { std: listed(p.std) } : {}),
    ...(p.perImageStandardization ? { 'per-image-standardization': true } : {}),
    ...(p.bgr ? { bgr: true } : {}),
  };
}
