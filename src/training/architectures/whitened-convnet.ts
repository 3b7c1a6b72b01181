import type { Feature, NetworkBuilder } from '../network/network-builder.ts';
import { partialIdentity } from '../network/initialisers.ts';
import type { Architecture } from '../network/architecture.ts';

function conv(net: NetworkBuilder, x: Feature, name: string, channels: number): Feature {
  return net.conv(x, { name, channels, kernel: 3, initialiser: partialIdentity(9 * x.dims[0]) });
}

function normRelu(net: NetworkBuilder, x: Feature, name: string): Feature {
  return net.relu(net.norm(x, `${name}-norm`, { scaled: false }));
}

/**
 * The network of Keller Jordan's "94% on CIFAR-10 in 3.29 seconds on a single GPU" (2024), for fast training: fixed
 * filters that whiten 3×3 patches of the training images and their negatives, then three stages of two convolutions
 * with a pool after the first, widths w, 4w, 4w, which start as the identity. Here with ReLU and a global average.
 */
export const whitenedConvnet: Architecture = {
  name: 'whitened-convnet',
  summary:
    'fixed whitening filters, then six 3×3 convolutions in three stages, widths w, 4w, 4w, ' +
    'that start as the identity: learns in few epochs',
  defaults: { depth: 8, width: 64 },
  whitens: 3,
  refusal: ({ depth }) => (depth === 8 ? undefined : 'its depth is always 8'),
  build(net, image, classes, { width, whitening }) {
    if (whitening === undefined) throw new Error('internal: a whitened network without its filters');
    let x = net.relu(net.fixedConv(image, whitening, 3));
    [width, 4 * width, 4 * width].forEach((channels, stage) => {
      const name = `stage${stage + 1}.conv`;
      const wide = conv(net, x, `${name}1`, channels);
      // Small images run out of pixels before they run out of stages.
      x = normRelu(net, Math.min(wide.dims[1], wide.dims[2]) > 1 ? net.maxPool(wide) : wide, `${name}1`);
      x = normRelu(net, conv(net, x, `${name}2`, channels), `${name}2`);
    });
    return net.dense(net.globalAveragePool(x), { name: 'head', units: classes });
  },
};
