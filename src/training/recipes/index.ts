import { misuse } from '../../errors/error.ts';
import { didYouMean } from '../../errors/nearest.ts';
import { cifarAug30 } from './cifar10/aug-30.ts';
import { cifarAug40 } from './cifar10/aug-40.ts';
import { cifarLinf } from './cifar10/linf.ts';
import { cifarNoCrop } from './cifar10/no-crop.ts';
import { cifarRegularisedKl } from './cifar10/regularised-kl.ts';
import { cifarRegularisedL2 } from './cifar10/regularised-l2.ts';
import { cifarRobust } from './cifar10/robust.ts';
import { cifarRobustSmall } from './cifar10/robust-small.ts';
import { cifarStandard } from './cifar10/standard.ts';
import { cifarW10 } from './cifar10/w10-30.ts';
import { cifarW10Wide } from './cifar10/w10-40.ts';
import { glyphsStandard } from './glyphs/standard.ts';
import { glyphsW10 } from './glyphs/w10-30.ts';
import { imagenetAug30 } from './imagenet/aug-30.ts';
import { imagenetAug40 } from './imagenet/aug-40.ts';
import { imagenetNoCrop } from './imagenet/no-crop.ts';
import { imagenetRegularised } from './imagenet/regularised.ts';
import { imagenetResnet50Regularised } from './imagenet/resnet50-regularised.ts';
import { imagenetResnet50Standard } from './imagenet/resnet50-standard.ts';
import { imagenetResnet50W10 } from './imagenet/resnet50-w10-30.ts';
import { imagenetResnet50W10Wide } from './imagenet/resnet50-w10-40.ts';
import { imagenetStandard } from './imagenet/standard.ts';
import { imagenetW10 } from './imagenet/w10-30.ts';
import { imagenetW10Wide } from './imagenet/w10-40.ts';
import { mnistAug30 } from './mnist/aug-30.ts';
import { mnistAug40 } from './mnist/aug-40.ts';
import { mnistLinf } from './mnist/linf.ts';
import { mnistRobust } from './mnist/robust.ts';
import { mnistStandard } from './mnist/standard.ts';
import { mnistW10 } from './mnist/w10-30.ts';
import { mnistW10Wide } from './mnist/w10-40.ts';
import type { Recipe } from './recipe.ts';

/** Every recipe, in the order of the paper's tables. */
export const RECIPES: readonly Recipe[] = [
  glyphsStandard,
  glyphsW10,
  mnistStandard,
  mnistAug30,
  mnistAug40,
  mnistW10,
  mnistW10Wide,
  mnistLinf,
  mnistRobust,
  cifarStandard,
  cifarNoCrop,
  cifarAug30,
  cifarAug40,
  cifarW10,
  cifarW10Wide,
  cifarRegularisedKl,
  cifarRegularisedL2,
  cifarLinf,
  cifarRobust,
  cifarRobustSmall,
  imagenetStandard,
  imagenetNoCrop,
  imagenetAug30,
  imagenetAug40,
  imagenetW10,
  imagenetW10Wide,
  imagenetRegularised,
  imagenetResnet50Standard,
  imagenetResnet50W10,
  imagenetResnet50W10Wide,
  imagenetResnet50Regularised,
];

/** What trains where nobody names a recipe: robust in little time on a CPU. */
export const DEFAULT_RECIPE = cifarRobustSmall.name;

/** The recipe of a name, as `cifar10/robust-small`. @throws misuse `unknown-recipe` with what there is */
export function recipeNamed(name: string): Recipe {
  const found = RECIPES.find((recipe) => recipe.name === name);
  if (found !== undefined) return found;
  const names = RECIPES.map((recipe) => recipe.name);
  throw misuse({
    code: 'unknown-recipe',
    subject: `recipe ${name}`,
    problem: `there is none of that name; there are ${names.join(', ')}.${didYouMean(name, names)}`,
  });
}
