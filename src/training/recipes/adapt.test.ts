import { describe, expect, it } from 'vitest';
import { CIFAR10_CLASSES } from '../../data/class-names.ts';
import { adaptRecipe } from './adapt.ts';
import { recipeNamed } from './index.ts';
import { resolveRecipe, settingsNamed } from './recipe.ts';

const adapted = (name: string, length: number, data: string, ...changes: string[]) =>
  adaptRecipe(resolveRecipe(recipeNamed(name), changes), settingsNamed(changes), { name: data, length });

describe('adaptRecipe', () => {
  it('leaves a recipe alone on the images that it was written for', () => {
    for (const [name, length, data] of [
      ['cifar10/robust-small', 50_000, 'cifar10 train'],
      ['mnist/w10-30', 60_000, 'mnist train'],
    ] as const) {
      const { settings, notes } = adapted(name, length, data);
      expect(settings).toEqual(resolveRecipe(recipeNamed(name), []));
      expect(notes).toEqual([]);
    }
  });

  it('knows CIFAR-10 by its classes, whatever its folder is called', () => {
    const recipe = resolveRecipe(recipeNamed('cifar10/robust-small'), []);
    const mirrors = (classNames: readonly string[] | undefined): boolean =>
      adaptRecipe(recipe, new Set(), { name: 'data train', length: 50_000, classNames }).settings.flip;
    expect([CIFAR10_CLASSES, ['yes', 'no'], undefined].map(mirrors)).toEqual([true, false, false]);
  });

  it('gives a thousand images small batches and many epochs, and says so', () => {
    const { settings, notes } = adapted('cifar10/robust-small', 1006, 'digits');
    // 1,006 images: 100 held out leave 28 batches of 32; 33 epochs of them make 924 updates.
    expect(settings).toMatchObject({ heldOut: 100, batch: 32, epochs: 33, flip: false });
    expect(notes).toHaveLength(4);
    expect(notes[0]).toBe('heldOut=100 in place of 500: there are 1006 images in all.');
  });

  it('keeps what the user set, and warns where that is too little', () => {
    const { settings, notes } = adapted('cifar10/robust-small', 300, 'signs', 'epochs=2', 'flip=true', 'batch=64');
    expect(settings).toMatchObject({ heldOut: 30, batch: 64, epochs: 2, flip: true });
    expect(notes.at(-1)).toMatch(/^Beware: the run has only 8 updates/);
  });

  it('shifts images of another size as far as evaluating does, where the recipe shifts them at all', () => {
    const at = (side: number, name: string, ...changes: string[]) =>
      adaptRecipe(resolveRecipe(recipeNamed(name), changes), settingsNamed(changes), {
        name: 'signs',
        length: 60_000,
        shape: { channels: 3, height: side, width: side },
      }).settings.translation;
    expect([28, 32, 64, 224].map((side) => at(side, 'mnist/w10-30'))).toEqual([3, 3, 7, 24]);
    expect(at(64, 'mnist/w10-40')).toBe(9);
    expect(at(64, 'mnist/w10-30', 'translation=2')).toBe(2);
    expect(at(64, 'mnist/standard')).toBe(3);
  });

  it('takes a recipe for photographs as it is for photographs, which it goes on mirroring', () => {
    const recipe = recipeNamed('imagenet/w10-40');
    const { settings, notes } = adaptRecipe(
      resolveRecipe(recipe, []),
      new Set(),
      { name: 'photos', length: 1_281_167, shape: { channels: 3, height: 224, width: 224 } },
      recipe.side,
    );
    expect(settings).toEqual(resolveRecipe(recipe, []));
    expect(settings).toMatchObject({ translation: 32, flip: true });
    expect(notes).toEqual([
      "Half of the images are mirrored; set: ['flip=false'] where left and right have a meaning.",
    ]);
  });

  it('works with a handful', () => {
    const { settings } = adapted('mnist/w10-30', 12, 'few');
    // One is held out; 11 / 8 leaves batches of one.
    expect(settings).toMatchObject({ heldOut: 1, batch: 1, epochs: 82 });
  });
});
