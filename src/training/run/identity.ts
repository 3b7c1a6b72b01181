import type { ConversionOptions } from '../../data/conversion.ts';
import type { ImageSource } from '../../data/source.ts';
import { misuse } from '../../errors/error.ts';
import { optionWords } from '../../errors/option-words.ts';
import { describeShape } from '../../image/image.ts';
import { type Hyperparameters, withoutGone } from '../recipes/recipe.ts';

/** What decides a run: settings, data, network, start. */
export type RunIdentity = Readonly<Record<string, unknown>>;

export interface IdentifiedRun {
  readonly recipe: string;
  readonly settings: Hyperparameters;
  readonly data: ImageSource;
  /** What the source does to its images, which their fingerprint does not tell. */
  readonly preparation?: ConversionOptions;
  /** The weights that it begins with. */
  readonly start?: { readonly sha256: string };
}

export function identityOf({ recipe, settings, data, preparation, start }: IdentifiedRun): RunIdentity {
  const { name, fingerprint, shape, classes } = data;
  return {
    recipe,
    settings,
    data: { name, fingerprint, shape: describeShape(shape), classes, ...preparation },
    start: start?.sha256,
  };
}

/** @throws misuse `other-run` naming the first difference */
export function refuseOther(saved: RunIdentity, own: RunIdentity): void {
  const [before, now] = [leaves({ ...saved, settings: withoutGone(saved.settings) }), leaves(own)];
  for (const key of new Set([...before.keys(), ...now.keys()])) {
    if (before.get(key) === now.get(key)) continue;
    throw misuse({
      code: 'other-run',
      subject: 'run folder',
      problem:
        `it holds another run: ${key} was ${before.get(key) ?? 'not given'} and is now ` +
        `${now.get(key) ?? 'not given'}.`,
      advice: `Give another ${optionWords('out')}, or the same settings.`,
    });
  }
}

/** Every value as JSON, by its dotted path. What is undefined counts as not given. */
function leaves(identity: RunIdentity): Map<string, string> {
  const flat = (value: unknown, path: string): [string, string | undefined][] =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.entries(value).flatMap(([key, inner]) => flat(inner, path === '' ? key : `${path}.${key}`))
      : [[path, JSON.stringify(value)]];
  return new Map(flat(identity, '').filter((entry): entry is [string, string] => entry[1] !== undefined));
}
