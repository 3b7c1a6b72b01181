import type { Architecture } from '../network/architecture.ts';

/** Convolutions in each of the three stages, by depth (the dense layer counts as one). */
const STAGES: Readonly<Record<number, readonly number[]>> = {
  6: [1, 2, 2],
  9: [2, 3, 3],
};

/**
 * A small network for small grey images: 3×3 convolutions with batch normalisation in three stages of widths w, 2w, 4w,
 * a pool between them, the mean over all places, one dense layer. Without a dense layer over places it has few
 * parameters and knows hardly anything of where in the image something is.
 */
export const plainConvnet: Architecture = {
  name: 'plain-convnet',
  summary: '3×3 convolutions with normalisation in three stages (depth 6 or 9), widths w, 2w, 4w, and a global average',
  defaults: { depth: 6, width: 16 },
  refusal: ({ depth }) => (depth in STAGES ? undefined : `its depth is 6 or 9, not ${depth}`),
  build(net, image, classes, { depth, width }) {
    let x = image;
    const stages = STAGES[depth];
    stages.forEach((convolutions, stage) => {
      for (let i = 0; i < convolutions; i++) {
        const name = `stage${stage + 1}.conv${i + 1}`;
        x = net.conv(x, { name, channels: width << stage, kernel: 3 });
        // Pooled first, the norm and the ReLU have a quarter of the numbers to work on.
        const pooled = i === convolutions - 1 && stage < stages.length - 1;
        x = net.relu(net.norm(pooled ? net.maxPool(x) : x, `${name}-norm`, { scaled: !pooled }));
      }
    });
    return net.dense(net.globalAveragePool(x), { name: 'head', units: classes });
  },
};
