import type { ImageShape } from '../../image/image.ts';
import { CIFAR10_CLASSES } from '../../data/class-names.ts';
import { paperTranslation } from '../../sets/box.ts';
import { objectiveNamed } from '../objectives/registry.ts';
import type { Hyperparameters } from './recipe.ts';
import { optionWords } from '../../errors/option-words.ts';

/** What of the data a recipe is adapted to. */
export interface TrainingData {
  readonly name: string;
  readonly length: number;
  readonly shape?: ImageShape;
  readonly classNames?: readonly string[];
}

export interface Adapted {
  readonly settings: Hyperparameters;
  /** What was changed and why, and what to beware of: a sentence each. */
  readonly notes: readonly string[];
}

/** Side in pixels of the images that most recipes were written for, and from which on images are photographs. */
const USUAL_SIDE = 32;
const PHOTOGRAPH = 64;
/** Updates below which a network hardly begins to learn, and those that a few images are given. */
const TOO_FEW_UPDATES = 200;
const UPDATES = 900;
const MOST_EPOCHS = 100;
/** Updates in an epoch below which smaller batches are taken. */
const UPDATES_IN_AN_EPOCH = 100;
const SMALL_BATCH = 32;

/**
 * A recipe fitted to few images: recipes are written for tens of thousands. What the user set stays as it was set.
 * - held out: a tenth where the recipe would keep more than a fifth
 * - batch: 32 where an epoch would have less than 100 updates, less where even so there are not 8
 * - epochs: as many as make 900 updates
 * - shifts: in proportion to the limit that gimbal evaluate takes for the size of the images, 3 px for 32-px images
 * - mirroring: of small images off except on CIFAR-10, which the recipes that mirror them were written for: a mirrored
 *   digit or sign is another
 *
 * @param side in pixels of the images that the recipe was written for
 */
export function adaptRecipe(
  settings: Hyperparameters,
  given: ReadonlySet<string>,
  data: TrainingData,
  side = USUAL_SIDE,
): Adapted {
  const notes: string[] = [];
  const adapted = { ...settings };
  const change = <K extends keyof Hyperparameters>(key: K, value: Hyperparameters[K], why: string): void => {
    if (given.has(key) || adapted[key] === value) return;
    notes.push(`${key}=${String(value)} in place of ${String(adapted[key])}: ${why}.`);
    adapted[key] = value;
  };
  if (5 * settings.heldOut > data.length)
    change('heldOut', Math.floor(data.length / 10), `there are ${data.length} images in all`);
  const images = data.length - adapted.heldOut;
  if (images / adapted.batch < UPDATES_IN_AN_EPOCH && adapted.batch > SMALL_BATCH)
    change('batch', Math.min(SMALL_BATCH, powerOfTwo(images / 8)), 'there are few images');
  const each = Math.max(1, Math.floor(images / adapted.batch));
  if (each * adapted.epochs < UPDATES)
    change('epochs', Math.min(MOST_EPOCHS, Math.ceil(UPDATES / each)), `an epoch has ${each} updates`);
  if (data.shape !== undefined && objectiveNamed(adapted.objective).against === 'transformations') {
    const written = paperTranslation({ channels: data.shape.channels, height: side, width: side });
    const translation = Math.round((adapted.translation * paperTranslation(data.shape)) / written);
    const { width, height } = data.shape;
    change('translation', translation, `images are ${width}×${height}, as gimbal evaluate shifts them`);
  }
  if (adapted.flip && side >= PHOTOGRAPH)
    notes.push(
      `Half of the images are mirrored; ${optionWords('set', ['flip=false'])} where left and right have a meaning.`,
    );
  else if (adapted.flip && !isCifar10(data))
    change('flip', false, `mirrored images may be of another class; ${optionWords('set', ['flip=true'])} mirrors`);
  const updates = each * adapted.epochs;
  if (updates < TOO_FEW_UPDATES)
    notes.push(
      `Beware: the run has only ${updates} updates, too few to learn much. Give ` +
        `${optionWords('set', ['epochs=N'])} or more images.`,
    );
  return { settings: adapted, notes };
}

/** By its classes, whatever its folder is called; a list or an archive without names by its own. */
function isCifar10({ name, classNames }: TrainingData): boolean {
  return /cifar-?10\b/i.test(name) || String(classNames) === String(CIFAR10_CLASSES);
}

/** The largest power of two up to a number, at least 1. */
export function powerOfTwo(most: number): number {
  return 2 ** Math.max(0, Math.floor(Math.log2(Math.max(1, most))));
}
