import { describe, expect, it } from 'vitest';
import { arraySource } from '../../data/array-source.ts';
import { recipeNamed } from '../recipes/index.ts';
import { resolveRecipe } from '../recipes/recipe.ts';
import { identityOf, refuseOther, type IdentifiedRun, type RunIdentity } from './identity.ts';

const source = (label: number) =>
  arraySource({
    images: [new Float32Array(4)],
    labels: [label],
    shape: { channels: 1, height: 2, width: 2 },
    classes: 2,
  });
const settings = resolveRecipe(recipeNamed('mnist/standard'), []);
const run: IdentifiedRun = { recipe: 'mnist/standard', settings, data: source(0) };
const own = identityOf(run);
/** As a checkpoint holds it. */
const saved = (identity: RunIdentity) => JSON.parse(JSON.stringify(identity)) as RunIdentity;

describe('a run goes on', () => {
  it('as the very same, read from its checkpoint', () => {
    expect(() => refuseOther(saved(own), own)).not.toThrow();
  });

  it('where the checkpoint tells settings that are gone, at what is done for all now', () => {
    const older = { ...saved(own), settings: { ...settings, remember: false, draws: 'uniform' } };
    expect(() => refuseOther(older, own)).not.toThrow();
  });

  it.each<[string, Partial<IdentifiedRun>, RegExp]>([
    ['recipe', { recipe: 'mnist/linf' }, /recipe was "mnist\/standard" and is now "mnist\/linf"/],
    ['settings', { settings: { ...settings, rate: 0.5 } }, /settings\.rate was 0\.004 and is now 0\.5/],
    ['images', { data: source(1) }, /data\.fingerprint was "\w+" and is now "\w+"/],
    ['preparation', { preparation: { colour: 'grey' } }, /data\.colour was not given and is now "grey"/],
    ['start', { start: { sha256: 'ab' } }, /start was not given and is now "ab"/],
  ])('not under another %s, and says what is other', (_, change, message) => {
    expect(() => refuseOther(saved(own), identityOf({ ...run, ...change }))).toThrow(message);
  });

  it('not where the checkpoint asked for something that is gone', () => {
    const older = { ...saved(own), settings: { ...settings, draws: 'arcsine' } };
    expect(() => refuseOther(older, own)).toThrow(/settings\.draws was "arcsine" and is now not given/);
  });
});
