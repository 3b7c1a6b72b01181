import type { Box } from '../../sets/box.ts';
import type { Transformation } from '../../transform/transformation.ts';
import { transformAll } from './candidates.ts';
import type { Objective } from './objective.ts';
import { meanTargets, softTargets } from './targets.ts';

/**
 * Adversarial training with the first-order attack: from a random start, `steps` ascents of the cross-entropy by the
 * sign of its gradient in (tx, ty, angle), each `stepSize` of the limit, kept inside the box; the end point is trained
 * on.
 */
export function firstOrder(options: { steps: number; stepSize: number }): Objective {
  return {
    rowsPerImage: 1,
    needsGradients: true,
    targets: meanTargets,
    async prepare(batch, context) {
      const { images, labels, indices } = batch;
      const { classes, box, warp } = context;
      const size = images[0].length;
      const model = await context.frozen();
      const hard = softTargets(labels, classes, 0, 1);
      let points = indices.map((index) => context.draw(index, 0));
      for (let step = 0; step < options.steps; step++) {
        const { byInput } = await model.gradients(transformAll(batch, points, warp), hard, images.length);
        points = points.map((t, i) => {
          const slope = warp.derivative(images[i], t, byInput.subarray(i * size, (i + 1) * size));
          return ascend(t, slope, box, options.stepSize);
        });
      }
      return {
        rows: images.length,
        images: transformAll(batch, points, warp),
        targets: meanTargets(labels, context),
      };
    },
  };
}

function ascend(
  t: Transformation,
  [dx, dy, da]: readonly [number, number, number],
  box: Box,
  share: number,
): Transformation {
  const move = (value: number, slope: number, limit: number): number =>
    Math.min(limit, Math.max(-limit, value + share * limit * Math.sign(slope)));
  return { tx: move(t.tx, dx, box.tx), ty: move(t.ty, dy, box.ty), angle: move(t.angle, da, box.angle) };
}
