import type { ImageShape } from '../image/image.ts';
import type { Architecture } from '../training/network/architecture.ts';
import { Network } from '../training/network/network.ts';

const dense: Architecture = {
  name: 'dense',
  summary: 'one dense layer',
  defaults: { depth: 1, width: 1 },
  refusal: () => undefined,
  build: (net, image, units) => net.dense(net.flatten(image), { name: 'head', units }),
};

/** A network that is one dense layer on the pixels as they are: small enough to reckon by hand. */
export function denseNetwork(shape: ImageShape, classes: number): Network {
  const each = (value: number): number[] => Array.from({ length: shape.channels }, () => value);
  return new Network({ architecture: dense, options: dense.defaults, shape, classes, mean: each(0), std: each(1) });
}
