import type { Architecture } from '../network/architecture.ts';
import { basicBlock } from './residual-blocks.ts';

/** He et al., "Deep residual learning", CIFAR form: depth 6n + 2, three stages of n blocks, widths w, 2w, 4w. */
export const resnet: Architecture = {
  name: 'resnet',
  summary: 'residual network of three stages, depth 6n + 2, widths w, 2w, 4w',
  defaults: { depth: 20, width: 16 },
  refusal: ({ depth }) =>
    depth >= 8 && (depth - 2) % 6 === 0 ? undefined : `its depth is 6n + 2 (8, 14, 20, 26, 32, …), not ${depth}`,
  build(net, image, classes, { depth, width }) {
    let x = net.relu(net.norm(net.conv(image, { name: 'stem', channels: width, kernel: 3 }), 'stem-norm'));
    for (let stage = 0; stage < 3; stage++) {
      for (let i = 0; i < (depth - 2) / 6; i++) {
        const name = `stage${stage + 1}.block${i + 1}`;
        x = basicBlock(net, x, { name, channels: width << stage, stride: stage > 0 && i === 0 ? 2 : 1 });
      }
    }
    return net.dense(net.globalAveragePool(x), { name: 'head', units: classes });
  },
};
