import { ATTACKS_GROUP, GRADIENT_GROUP } from '../../attacks/shared-settings.ts';
import { keptFacts } from '../../attacks/kept-facts.ts';
import { sha256OfText } from '../../digest/sha256.ts';
import { type Json, canonicalText, differences, toJson } from '../../json/differences.ts';
import { slug } from '../folder-name.ts';
import type { RunConfig } from './run-files.ts';
import { type EvaluateOptions, evaluateSchema } from '../../options/evaluate-options.ts';
import { optionEntries } from '../../settings/option.ts';
import type { Files } from '../../ports/files.ts';
import type { Run } from './run.ts';
import { shardFolderName } from './shard.ts';

/**
 * How a vote is evaluated. Runs that always made all draws found other losses for the same verdicts; those that were
 * judged by the queries of the search found other verdicts.
 */
const VOTE = { ends: 'when settled', judged: 'afresh' };

/** Names of the options on which results depend. */
export const DECIDING_OPTIONS: readonly string[] = optionEntries(evaluateSchema)
  .filter(({ affectsResults }) => affectsResults)
  .map(({ name }) => name);

/** Everything that `config.json` tells about a run. */
export async function runConfig(
  { platform, options, model, source, settings, own, shard }: Run,
  command: string,
): Promise<RunConfig> {
  const { description, preprocessing, notes } = model.prepared;
  return {
    ...(await platform.machine.origin()),
    command,
    model: {
      path: options.model,
      name: model.name,
      sha256: model.sha256,
      input: toJson(description.input),
      output: toJson(description.output),
      preprocessing: toJson(preprocessing),
      notes: toJson(notes),
    },
    data: {
      name: source.name,
      fingerprint: source.fingerprint,
      images: source.length,
      shape: toJson(source.shape),
      classes: source.classes,
      ...(source.classNames === undefined ? {} : { classNames: source.classNames }),
      notes: toJson(source.notes ?? []),
      ...hintedGeometry(options, model),
    },
    options: optionsByName(options),
    ...(shard === undefined ? {} : { shard: toJson(shard) }),
    ...(options.vote === undefined ? {} : { vote: VOTE }),
    ...(own.length === 0 ? {} : { ownAttacks: own.map(keptFacts) }),
    box: settings.box,
  };
}

/** An option's key in what is compared of two configurations, where a `model` and a `vote` are something else too. */
export const optionKey = (name: string): string => `--${name}`;

/**
 * What of a configuration results depend on. `--batch` and `--threads` are part of it as they were given: they can move
 * a logit by rounding, so only the same ones promise the same bytes.
 */
export function runIdentity(config: RunConfig): { readonly [key: string]: Json } {
  const { versions, model, data, options, vote, partial } = config;
  const { gimbal, 'onnxruntime-node': runtime } = versions;
  const { sha256, preprocessing, input, output } = model;
  const { fingerprint, geometry } = data;
  return {
    ...Object.fromEntries(
      DECIDING_OPTIONS.filter((name) => options[name] !== undefined).map((name) => [optionKey(name), options[name]]),
    ),
    model: { sha256, preprocessing, input, output },
    data: { fingerprint, ...(geometry === undefined ? {} : { geometry }) },
    ...(vote === undefined ? {} : { vote }),
    ...(partial === undefined ? {} : { partial }),
    versions: { gimbal, 'onnxruntime-node': runtime },
  };
}

/** How images are brought to size where the model's hints say it and no option does. */
function hintedGeometry({ resize, crop }: EvaluateOptions, { prepared: { hints } }: Run['model']): { geometry?: Json } {
  const geometry = {
    ...(resize === undefined && hints.resize !== undefined ? { resize: hints.resize } : {}),
    ...(crop === undefined && hints.crop !== undefined ? { crop: hints.crop } : {}),
  };
  return Object.keys(geometry).length === 0 ? {} : { geometry: toJson(geometry) };
}

/** What does not decide what is measured: which images, and how they are worked through. */
const INCIDENTAL = ['limit', 'offset', 'spread', 'shard', 'threads', 'batch', 'device'];

/**
 * By what else than their models two runs, A and B, on the same data were measured: options and versions that decide
 * results, not which images and attacks there are and how they are worked through.
 */
export function measuredOtherwise(
  a: RunConfig,
  b: RunConfig,
  names: readonly [string, string] = ['for A', 'for B'],
): string[] {
  // How a vote is evaluated tells something only of two votes.
  const voted = a.vote !== undefined && b.vote !== undefined;
  const apart = [...[...INCIDENTAL, 'attacks', 'exclude'].map(optionKey), 'model', 'data', ...(voted ? [] : ['vote'])];
  const protocol = (config: RunConfig): Json =>
    Object.fromEntries(
      Object.entries({ ...runIdentity(config), ...limitsOf(config) }).filter(([key]) => !apart.includes(key)),
    );
  return differences(protocol(a), protocol(b), names);
}

/** The limits as they come to in pixels: the default for a size of image and the same said in so many words are one. */
function limitsOf({ box }: RunConfig): { readonly [name: string]: Json } {
  if (box === undefined) return {};
  const { tx, ty } = box;
  return { [optionKey('translation')]: tx === ty ? `${tx} px` : `${tx} px, ${ty} px` };
}

/**
 * Those of the options by which the adversary may do other things; not which attacks there are, how random draws fall,
 * and what stands between the attacks and the model.
 */
const ADVERSARY: ReadonlySet<string> = new Set(
  optionEntries(evaluateSchema)
    .filter(({ group, affectsResults }) => affectsResults && (group === ATTACKS_GROUP || group === GRADIENT_GROUP))
    .map(({ name }) => name)
    .filter((name) => !['attacks', 'seed', 'exhaustive', 'mirror'].includes(name) && !name.startsWith('vote')),
);

/** By which of these options two runs differ: their accuracies answer two questions. */
export function otherAdversary(a: RunConfig, b: RunConfig, names: readonly [string, string]): string[] {
  const of = (config: RunConfig): Json => ({
    ...Object.fromEntries(
      Object.entries(config.options)
        .filter(([name]) => ADVERSARY.has(name))
        .map(([name, value]) => [optionKey(name), value]),
    ),
    ...limitsOf(config),
  });
  return differences(of(a), of(b), names);
}

/** Whether a run measured what these options ask for; its images, threads and device may be others. */
export function measuresTheSame({ options: earlier, vote }: RunConfig, options: EvaluateOptions): boolean {
  const deciding = DECIDING_OPTIONS.filter((name) => !INCIDENTAL.includes(name));
  const now = optionsByName(options);
  return (
    deciding.every((name) => canonicalText(earlier[name] ?? null) === canonicalText(now[name] ?? null)) &&
    evaluatesVotesTheSame(vote, options.vote !== undefined)
  );
}

/**
 * Whether a vote was evaluated as votes are evaluated now.
 * @param earlier what the `vote` of a configuration says
 * @param voted whether there is a vote to evaluate
 */
export function evaluatesVotesTheSame(earlier: unknown, voted: boolean): boolean {
  return canonicalText((earlier ?? null) as Json) === canonicalText(voted ? VOTE : null);
}

/** `gimbal-runs/cifar10_resnet20-cifar10-test-1a2b3c4d`: the same command finds the same folder again. */
export function defaultDirectory(files: Files, config: RunConfig): string {
  const { name: model } = config.model;
  const { name: data } = config.data;
  // The shards of a run lie side by side.
  const { shard, ...whole } = config.options;
  const hash = sha256OfText(canonicalText(runIdentity({ ...config, options: whole }))).slice(0, 8);
  const directory = files.join('gimbal-runs', `${slug(model)}-${slug(data)}-${hash}`);
  return shard === undefined ? directory : files.join(directory, shardFolderName(String(shard)));
}

function optionsByName(options: EvaluateOptions): { readonly [name: string]: Json } {
  return Object.fromEntries(
    optionEntries(evaluateSchema)
      .filter(({ key }) => options[key as keyof EvaluateOptions] !== undefined)
      .map(({ key, name }) => [name, toJson(options[key as keyof EvaluateOptions])]),
  );
}
