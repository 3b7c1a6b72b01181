import type { Feature, NetworkBuilder } from '../network/network-builder.ts';
import type { Architecture } from '../network/architecture.ts';
import { refuseDepth } from './stages.ts';

/** Conv-norm-ReLU, conv-norm, plus the input (through a 1×1 convolution where the shape changes), ReLU. */
function block(net: NetworkBuilder, x: Feature, name: string, channels: number, stride: number): Feature {
  const first = net.relu(
    net.norm(net.conv(x, { name: `${name}.conv1`, channels, kernel: 3, stride }), `${name}.norm1`),
  );
  const second = net.norm(net.conv(first, { name: `${name}.conv2`, channels, kernel: 3 }), `${name}.norm2`);
  const same = stride === 1 && x.dims[0] === channels;
  const shortcut = same
    ? x
    : net.norm(net.conv(x, { name: `${name}.shortcut`, channels, kernel: 1, stride }), `${name}.shortcut-norm`);
  return net.relu(net.add(second, shortcut));
}

/** He et al., "Deep residual learning", CIFAR form: depth 6n + 2, three stages of n blocks, widths w, 2w, 4w. */
export const resnet: Architecture = {
  name: 'resnet',
  summary: 'residual network of three stages, depth 6n + 2, widths w, 2w, 4w',
  defaults: { depth: 20, width: 16 },
  refusal: ({ depth }) => refuseDepth(depth),
  build(net, image, classes, { depth, width }) {
    let x = net.relu(net.norm(net.conv(image, { name: 'stem', channels: width, kernel: 3 }), 'stem-norm'));
    for (let stage = 0; stage < 3; stage++) {
      for (let i = 0; i < (depth - 2) / 6; i++) {
        x = block(net, x, `stage${stage + 1}.block${i + 1}`, width << stage, stage > 0 && i === 0 ? 2 : 1);
      }
    }
    return net.dense(net.globalAveragePool(x), { name: 'head', units: classes });
  },
};
