import type { Architecture } from '../network/architecture.ts';

/** Convolutions in each of the three stages; the dense layer is the sixth with weights. */
const STAGES = [1, 2, 2];

/**
 * A small network for small grey images: 3×3 convolutions with batch normalisation in three stages of widths w, 2w, 4w,
 * a pool between them, the mean over all places, one dense layer. Without a dense layer over places it has few
 * parameters and knows hardly anything of where in the image something is.
 */
export const plainConvnet: Architecture = {
  name: 'plain-convnet',
  summary: '3×3 convolutions with normalisation in three stages, widths w, 2w, 4w, and a global average',
  defaults: { depth: 6, width: 16 },
  refusal: ({ depth }) => (depth === 6 ? undefined : 'its depth is always 6'),
  build(net, image, classes, { width }) {
    let x = image;
    STAGES.forEach((convolutions, stage) => {
      for (let i = 0; i < convolutions; i++) {
        const name = `stage${stage + 1}.conv${i + 1}`;
        x = net.conv(x, { name, channels: width << stage, kernel: 3 });
        // Pooled first, the norm and the ReLU have a quarter of the numbers to work on.
        const pooled = i === convolutions - 1 && stage < STAGES.length - 1;
        x = net.relu(net.norm(pooled ? net.maxPool(x) : x, `${name}-norm`, { scaled: !pooled }));
      }
    });
    return net.dense(net.globalAveragePool(x), { name: 'head', units: classes });
  },
};
