import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { cifar10Study } from '../../studies/cifar10.ts';
import { mnistStudy } from '../../studies/mnist.ts';
import { modelCards, reachedByResults } from '../../testing/model-cards.ts';
import { recipeNamed } from '../../training/recipes/index.ts';

const STUDIES = [mnistStudy, cifar10Study];

it('models/README.md tells what results/ holds of the shipped models', async () => {
  await expect(await modelCards(STUDIES)).toMatchFileSnapshot(
    fileURLToPath(new URL('../../../models/README.md', import.meta.url)),
  );
});

it.each(
  STUDIES.flatMap((study) => study.classifiers.map((classifier) => ({ study, classifier, recipe: classifier.recipe }))),
)('$recipe tells what results/ says that it reached', async ({ study, classifier, recipe }) => {
  expect(recipeNamed(recipe).reached).toBe(await reachedByResults(study, classifier));
});
