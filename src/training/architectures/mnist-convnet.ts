import type { Architecture } from '../network/architecture.ts';

/**
 * The MNIST network of the paper's family: conv 5×5 (32), pool, conv 5×5 (64), pool, dense 1024, dense.
 * At 28×28 grey and ten classes it has 3,274,634 parameters. `width` is that of the first convolution.
 */
export const mnistConvnet: Architecture = {
  name: 'mnist-convnet',
  summary: 'conv 5×5, pool, conv 5×5, pool, dense, dense',
  defaults: { depth: 4, width: 32 },
  refusal: ({ depth }) => (depth === 4 ? undefined : 'its depth is always 4'),
  build(net, image, classes, { width }) {
    const first = net.maxPool(net.relu(net.conv(image, { name: 'conv1', channels: width, kernel: 5, bias: true })));
    const second = net.maxPool(
      net.relu(net.conv(first, { name: 'conv2', channels: 2 * width, kernel: 5, bias: true })),
    );
    const hidden = net.relu(net.dense(net.flatten(second), { name: 'dense1', units: 32 * width }));
    return net.dense(hidden, { name: 'dense2', units: classes });
  },
};
