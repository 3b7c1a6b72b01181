import { describe, expect, it } from 'vitest';
import { recipeNamed, RECIPES } from './index.ts';
import { resolveRecipe, withoutGone } from './recipe.ts';

describe('recipes', () => {
  it.each(RECIPES.map((recipe) => [recipe.name, recipe] as const))('%s holds valid settings', (name, recipe) => {
    expect(recipeNamed(name)).toBe(recipe);
    expect(resolveRecipe(recipe, []).objective).toBe(recipe.settings.objective);
  });

  it('takes changes as JSON or text', () => {
    const settings = resolveRecipe(recipeNamed('cifar10/w10-30'), [
      'epochs=3',
      'architecture=resnet9',
      'depth=9',
      'flip=false',
      'translation=2.5',
    ]);
    expect(settings).toMatchObject({ epochs: 3, architecture: 'resnet9', flip: false, translation: 2.5 });
  });

  it('asks about a number whose unit is in doubt, and takes what is said in full', () => {
    const recipe = recipeNamed('mnist/linf');
    for (const change of ['rate=10', 'epsilon=8', 'rotation=0.5', 'translation=0.1'])
      expect(() => resolveRecipe(recipe, [change])).toThrow(`set: ['${change}']: `);
    const said = ['rate=10/1', 'epsilon=8/255', 'rotation=0.5deg', 'translation=0.1px'];
    expect(resolveRecipe(recipe, said)).toMatchObject({
      rate: 10,
      epsilon: 8 / 255,
      rotation: 0.5,
      translation: 0.1,
    });
  });

  it('refuses what it does not know, by name', () => {
    const recipe = recipeNamed('mnist/standard');
    expect(() => recipeNamed('mnist/standrad')).toThrow(/Did you mean "mnist\/standard"/);
    expect(() => resolveRecipe(recipe, ['epoch=3'])).toThrow(
      /set: \['epoch'\]: there is no such setting.*Did you mean "epochs"/,
    );
    expect(() => resolveRecipe(recipe, ['epochs'])).toThrow(/not of the form key=value/);
    const refused = {
      'epochs=many': 'epochs: got "many", expected a number.',
      'epochs=1.5': 'epochs: got 1.5, expected a whole number.',
      'epochs=-3': 'epochs: got -3, expected a number above 0.',
      'batch=70000': 'batch: got 70000, expected a number up to 65536.',
      'flip=yes': 'flip: got "yes", expected true or false.',
      'optimizer=adam': 'optimizer: got "adam", expected one of sgd, adamw.',
      'milestones=[0.5,"x"]': 'milestones.1: got [0.5,"x"], expected a number.',
    };
    for (const [change, said] of Object.entries(refused))
      expect(() => resolveRecipe(recipe, [change])).toThrow(`setting ${said}`);
    expect(() => resolveRecipe(recipe, ['architecture=resnet', 'depth=21'])).toThrow(/6n \+ 2/);
  });
});

it('trains on nearest sampling where that is asked for', () => {
  const recipe = recipeNamed('mnist/w10-30');
  expect(resolveRecipe(recipe, []).interpolation).toBeUndefined();
  expect(resolveRecipe(recipe, ['interpolation=nearest']).interpolation).toBe('nearest');
  expect(() => resolveRecipe(recipe, ['interpolation=cubic'])).toThrow('interpolation');
});

it('reads settings of older versions, and leaves what asked for a thing that is gone', () => {
  const old = {
    epochs: 3,
    remember: false,
    accumulate: 1,
    worstBy: 'cross-entropy',
    draws: 'uniform',
  };
  expect(withoutGone(old)).toEqual({ epochs: 3 });
  expect(withoutGone({ ...old, remember: true })).toEqual({ epochs: 3, remember: true });
});
