import type { Architecture } from '../network/architecture.ts';

/** Convolutions in each of the five stages, by depth (the dense layer counts as one). */
const STAGES: Readonly<Record<number, readonly number[]>> = {
  9: [1, 1, 2, 2, 2],
  11: [2, 2, 2, 2, 2],
  14: [2, 2, 3, 3, 3],
};

/** A VGG with batch normalisation, widths w, 2w, 4w, 8w, 8w, a pool after each stage and one dense layer. */
export const vgg: Architecture = {
  name: 'vgg',
  summary: 'plain 3×3 convolutions in five stages (depth 9, 11 or 14), widths w, 2w, 4w, 8w, 8w',
  defaults: { depth: 14, width: 64 },
  refusal: ({ depth }) => (depth in STAGES ? undefined : `its depth is 9, 11 or 14, not ${depth}`),
  build(net, image, classes, { depth, width }) {
    let x = image;
    STAGES[depth].forEach((convolutions, stage) => {
      for (let i = 0; i < convolutions; i++) {
        const name = `stage${stage + 1}.conv${i + 1}`;
        x = net.relu(
          net.norm(net.conv(x, { name, channels: width * Math.min(8, 1 << stage), kernel: 3 }), `${name}-norm`),
        );
      }
      // Small images run out of pixels before they run out of stages.
      if (Math.min(x.dims[1], x.dims[2]) > 1) x = net.maxPool(x);
    });
    return net.dense(net.globalAveragePool(x), { name: 'head', units: classes });
  },
};
