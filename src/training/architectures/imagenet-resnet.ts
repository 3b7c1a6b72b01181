import type { Architecture } from '../network/architecture.ts';
import { basicBlock, bottleneck } from './residual-blocks.ts';

/** Blocks in each of the four stages, by depth. */
const STAGES: Readonly<Record<number, { readonly block: typeof basicBlock; readonly blocks: readonly number[] }>> = {
  18: { block: basicBlock, blocks: [2, 2, 2, 2] },
  50: { block: bottleneck, blocks: [3, 4, 6, 3] },
};

/**
 * He et al., "Deep residual learning", ImageNet form, as torchvision has it: a 7×7 convolution and a 3×3 max-pool, both
 * of stride 2, then four stages of widths w, 2w, 4w, 8w. With 1,000 classes 11,689,512 parameters at depth 18 and
 * 25,557,032 at depth 50.
 */
export const imagenetResnet: Architecture = {
  name: 'imagenet-resnet',
  summary: 'residual network for photographs of 224 px, depth 18 or 50, widths w, 2w, 4w, 8w',
  defaults: { depth: 18, width: 64 },
  refusal: ({ depth }) =>
    depth in STAGES ? undefined : `its depth is ${Object.keys(STAGES).join(' or ')}, not ${depth}`,
  build(net, image, classes, { depth, width }) {
    const stem = net.conv(image, { name: 'stem', channels: width, kernel: 7, stride: 2 });
    let x = net.maxPool(net.relu(net.norm(stem, 'stem-norm')), { kernel: 3 });
    const { block, blocks } = STAGES[depth];
    blocks.forEach((count, stage) => {
      for (let i = 0; i < count; i++) {
        const name = `stage${stage + 1}.block${i + 1}`;
        x = block(net, x, { name, channels: width << stage, stride: stage > 0 && i === 0 ? 2 : 1 });
      }
    });
    return net.dense(net.globalAveragePool(x), { name: 'head', units: classes });
  },
};
