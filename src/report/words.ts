import type { Box, Subset } from '../sets/box.ts';
import type { GridSize } from '../sets/grid.ts';
import type { Transformation } from '../transform/transformation.ts';
import { attackOf } from './attack-of.ts';
import type { ReportSetting } from './report-input.ts';
import { formatCount, formatNumber } from '../notation/numbers.ts';

/** `rotations up to 30° and shifts up to 3 px`. */
export function describeRange(box: Box, subset: Subset = 'full'): string {
  const rotations = `rotations up to ${formatNumber(box.angle)}°`;
  const shifts =
    box.tx === box.ty
      ? `shifts up to ${formatNumber(box.tx)} px`
      : `shifts up to ${formatNumber(box.tx)} px sideways and ${formatNumber(box.ty)} px up or down`;
  if (subset !== 'full') return subset === 'rotation' ? rotations : shifts;
  if (box.tx === 0 && box.ty === 0) return rotations;
  return box.angle === 0 ? shifts : `${rotations} and ${shifts}`;
}

/** `775 rotations and shifts`: the points of a grid. */
export function describeGrid(grid: GridSize, subset: Subset = 'full'): string {
  const many = { full: 'rotations and shifts', rotation: 'rotations', translation: 'shifts' }[subset];
  const points = (subset === 'rotation' ? 1 : grid.tx * grid.ty) * (subset === 'translation' ? 1 : grid.angle);
  return `${formatCount(points)} ${many}`;
}

/** What an attack does to each image, in a few words. */
export function describeAttack(name: string, setting: ReportSetting): string {
  return attackOf(name, setting).words.tries;
}

/** What an image has to withstand to count as right. */
export function describeJudgement({ vote }: ReportSetting): string {
  if (vote === undefined)
    return (
      'An image counts as right under an attack when the model still names its true class on everything that the ' +
      'attack tries.'
    );
  return (
    'The attack searches by asking the vote, and chooses what fooled it most; ' +
    'an image counts as right when the vote, asked once more with fresh draws, names its true class there. ' +
    'Every query right: no query of the search went wrong either, of hundreds with draws of their own.'
  );
}

/** What is done to images and answers beyond moving the image and running the model, a sentence each. */
export function describeInference({ mirror, vote, warp }: ReportSetting): string[] {
  return [
    ...(warp?.interpolation === 'nearest' ? ['Transformed images are read by nearest sampling.'] : []),
    ...(warp?.mask === 'circle' ? ['Of every image, moved or not, all outside of the inscribed circle is black.'] : []),
    ...(mirror ? ['Every prediction of the model is the mean over its input and the mirror image of that.'] : []),
    ...(vote === undefined
      ? []
      : [
          `Every prediction is the majority of ${vote.draws} random transformations of the input ` +
            `(${describeRange(vote.box)}).`,
        ]),
  ];
}

/** `28° counter-clockwise, 3 px left, 1.5 px up`. */
export function describeTransformation({ tx, ty, angle }: Transformation): string {
  const pixels = (shift: number, direction: string): string =>
    `${formatNumber(Math.abs(shift), 1)}\u00a0px\u00a0${direction}`;
  const parts = [
    ...(angle === 0 ? [] : [`${formatNumber(Math.abs(angle), 1)}° ${angle > 0 ? 'counter-clockwise' : 'clockwise'}`]),
    ...(tx === 0 ? [] : [pixels(tx, tx > 0 ? 'right' : 'left')]),
    ...(ty === 0 ? [] : [pixels(ty, ty > 0 ? 'down' : 'up')]),
  ];
  return parts.length === 0 ? 'as it is' : parts.join(', ');
}

/** Name of a class, or its number. */
export function className(label: number, names: readonly string[] | undefined): string {
  return names?.[label] ?? `class ${label}`;
}
