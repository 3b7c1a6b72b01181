import { optionWords } from '../../errors/option-words.ts';
import { formatCount, formatNumber } from '../../notation/numbers.ts';
import type { TrainingSettings } from '../../training/recipes/recipe.ts';
import type { TestImages } from './choose-test.ts';

/**
 * What to be aware of where the images held out are too few to show what natural accuracy may lose: one of them counts
 * for more than twice that.
 * @param from whether there are test images, or those held out are measured on as well
 */
export function fewHeldOut(
  { heldOut, allowedLoss, keep }: Pick<TrainingSettings, 'heldOut' | 'allowedLoss' | 'keep'>,
  from: TestImages['from'],
): string | undefined {
  if (keep !== 'best' || heldOut === 0 || allowedLoss === 0 || 1 / heldOut <= 2 * allowedLoss) return undefined;
  return (
    `Each of the ${formatCount(heldOut)} images held out is ${formatNumber(100 / heldOut, 1)} points of accuracy: ` +
    `a loss of ${formatNumber(100 * allowedLoss)} does not show on them. ` +
    (from === 'test'
      ? 'What natural accuracy lost is to be read from the test images, the more of these the better.'
      : `Others to measure on (${optionWords('test')}), the more the better, tell what natural accuracy lost.`)
  );
}
