import type { Architecture } from '../training/network/architecture.ts';
import type { Feature, NetworkBuilder } from '../training/network/network-builder.ts';

/** Norm-ReLU-conv twice, plus the input; where the shape changes, plus a 1×1 convolution of the first norm's output. */
function block(net: NetworkBuilder, x: Feature, name: string, channels: number, stride: number): Feature {
  const active = net.relu(net.norm(x, `${name}.norm1`));
  const same = stride === 1 && x.dims[0] === channels;
  const shortcut = same ? x : net.conv(active, { name: `${name}.shortcut`, channels, kernel: 1, stride });
  const first = net.conv(active, { name: `${name}.conv1`, channels, kernel: 3, stride });
  const second = net.conv(net.relu(net.norm(first, `${name}.norm2`)), { name: `${name}.conv2`, channels, kernel: 3 });
  return net.add(second, shortcut);
}

/**
 * He et al., "Identity mappings in deep residual networks", CIFAR form: depth 6n + 2, widths w, 2w, 4w. No recipe
 * trains it; it stands for networks of users whose norms come before their convolutions, so that none can be folded.
 */
export const preactResnet: Architecture = {
  name: 'preact-resnet',
  summary: 'pre-activation residual network of three stages, depth 6n + 2, widths w, 2w, 4w',
  defaults: { depth: 32, width: 16 },
  refusal: () => undefined,
  build(net, image, classes, { depth, width }) {
    let x = net.conv(image, { name: 'stem', channels: width, kernel: 3 });
    for (let stage = 0; stage < 3; stage++) {
      for (let i = 0; i < (depth - 2) / 6; i++) {
        x = block(net, x, `stage${stage + 1}.block${i + 1}`, width << stage, stage > 0 && i === 0 ? 2 : 1);
      }
    }
    return net.dense(net.globalAveragePool(net.relu(net.norm(x, 'final-norm'))), { name: 'head', units: classes });
  },
};
