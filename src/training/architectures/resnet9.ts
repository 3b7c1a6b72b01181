import type { Feature, NetworkBuilder } from '../network/network-builder.ts';
import type { Architecture } from '../network/architecture.ts';

function convNormRelu(net: NetworkBuilder, x: Feature, name: string, channels: number): Feature {
  return net.relu(net.norm(net.conv(x, { name, channels, kernel: 3 }), `${name}-norm`));
}

/** Pooled first, the norm and the ReLU have a quarter of the numbers to work on. */
function convPoolNormRelu(net: NetworkBuilder, x: Feature, name: string, channels: number): Feature {
  return net.relu(net.norm(net.maxPool(net.conv(x, { name, channels, kernel: 3 })), `${name}-norm`, { scaled: false }));
}

function residual(net: NetworkBuilder, x: Feature, name: string): Feature {
  const channels = x.dims[0];
  return net.add(x, convNormRelu(net, convNormRelu(net, x, `${name}.conv1`, channels), `${name}.conv2`, channels));
}

/** The short, wide residual network of David Page's "How to train your ResNet": widths w, 2w, 4w, 8w. */
export const resnet9: Architecture = {
  name: 'resnet9',
  summary: 'eight convolutions, two residual pairs, widths w, 2w, 4w, 8w: few layers for fast training',
  defaults: { depth: 9, width: 64 },
  refusal: ({ depth }) => (depth === 9 ? undefined : 'its depth is always 9'),
  build(net, image, classes, { width }) {
    const stem = convNormRelu(net, image, 'stem', width);
    const first = residual(net, convPoolNormRelu(net, stem, 'layer1', 2 * width), 'layer1.residual');
    const second = convPoolNormRelu(net, first, 'layer2', 4 * width);
    const third = residual(net, convPoolNormRelu(net, second, 'layer3', 8 * width), 'layer3.residual');
    return net.dense(net.globalAveragePool(third), { name: 'head', units: classes });
  },
};
