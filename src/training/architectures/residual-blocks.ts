import type { Feature, NetworkBuilder } from '../network/network-builder.ts';

interface BlockOptions {
  readonly name: string;
  /** Of the block's convolutions. */
  readonly channels: number;
  readonly stride: number;
}

/** Conv-norm-ReLU, conv-norm, plus the input (through a 1×1 convolution where the shape changes), ReLU. */
export function basicBlock(net: NetworkBuilder, x: Feature, { name, channels, stride }: BlockOptions): Feature {
  const first = net.relu(
    net.norm(net.conv(x, { name: `${name}.conv1`, channels, kernel: 3, stride }), `${name}.norm1`),
  );
  const second = net.norm(net.conv(first, { name: `${name}.conv2`, channels, kernel: 3 }), `${name}.norm2`);
  return net.relu(net.add(second, shortcut(net, x, name, channels, stride)));
}

/** Channels that a bottleneck gives for each channel inside of it. */
const WIDENING = 4;

/**
 * 1×1, 3×3 and 1×1 convolutions, the last to four times the channels, plus the input. The 3×3 convolution has the
 * stride, as in torchvision ("ResNet v1.5"); in the paper it is the first one.
 */
export function bottleneck(net: NetworkBuilder, x: Feature, { name, channels, stride }: BlockOptions): Feature {
  const narrow = net.relu(net.norm(net.conv(x, { name: `${name}.conv1`, channels, kernel: 1 }), `${name}.norm1`));
  const inner = net.relu(
    net.norm(net.conv(narrow, { name: `${name}.conv2`, channels, kernel: 3, stride }), `${name}.norm2`),
  );
  const wide = net.norm(
    net.conv(inner, { name: `${name}.conv3`, channels: WIDENING * channels, kernel: 1 }),
    `${name}.norm3`,
  );
  return net.relu(net.add(wide, shortcut(net, x, name, WIDENING * channels, stride)));
}

function shortcut(net: NetworkBuilder, x: Feature, name: string, channels: number, stride: number): Feature {
  if (stride === 1 && x.dims[0] === channels) return x;
  return net.norm(net.conv(x, { name: `${name}.shortcut`, channels, kernel: 1, stride }), `${name}.shortcut-norm`);
}
