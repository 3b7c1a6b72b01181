import type { Attack } from '../../attacks/attack.ts';
import { createAttack } from '../../attacks/create-attack.ts';
import type { ImageSource } from '../../data/source.ts';
import type { Vote } from '../../evaluation/answer.ts';
import { evaluateClassifier } from '../../evaluation/evaluate.ts';
import { imagesPerGroup } from '../../evaluation/groups.ts';
import type { ImageShape } from '../../image/image.ts';
import type { Journal } from '../../evaluation/journal.ts';
import type { EvaluationResult } from '../../evaluation/records.ts';
import { assumptionsOf } from '../../model/assumptions.ts';
import { namingFile } from '../../model/naming-file.ts';
import { attackSettings, type RunSettings, voteSettings } from '../../options/attack-settings.ts';
import { requireGates } from '../../options/require-gates.ts';
import type { EvaluateOptions } from '../../options/evaluate-options.ts';
import type { RunFolder } from './run-folder.ts';
import type { RunConfig } from './run-files.ts';
import { filledBatch } from '../../workers/start-classifier.ts';
import type { Platform } from '../platform.ts';
import { classResults } from './class-results.ts';
import { type RunShard, withNamedShard } from './shard.ts';
import type { EvaluationEvent } from './evaluation-event.ts';
import { startRunClassifier } from './classifier.ts';
import { type OpenImagesHooks, type OpenModel, openImages, openModel } from './inputs.ts';

/** An evaluation that the command line or a program asked for, with its model and images opened. */
export interface Run {
  readonly platform: Platform;
  readonly options: EvaluateOptions;
  readonly model: OpenModel;
  readonly source: ImageSource;
  /** What to beware of about the choice of images, a sentence each. */
  readonly warnings: readonly string[];
  readonly settings: RunSettings;
  readonly attacks: readonly Attack[];
  /** Those of them that do not come with Gimbal. */
  readonly own: readonly Attack[];
  /** Of a run that is a shard. */
  readonly shard?: RunShard;
  /** What the majority vote is over, where it is evaluated in place of the classifier. */
  readonly vote?: Vote;
}

/** A run with the folder that keeps it. */
export interface KeptRun extends Run {
  /** As it is now; that of the folder may differ in what results do not depend on. */
  readonly config: RunConfig;
  readonly folder: RunFolder;
  /** How to repeat it, for people. */
  readonly command: string;
}

/** What may be of use while a run goes on. */
export interface RunHooks {
  readonly onEvent?: (event: EvaluationEvent) => void;
  /** Stops the run, which then throws an `AbortError`; what is in the journal stays. */
  readonly signal?: AbortSignal;
}

export interface OpeningHooks extends OpenImagesHooks {
  /** Attacks that do not come with Gimbal, of which options hold the names. */
  readonly own?: readonly Attack[];
}

/**
 * Opens the model and the images that options name, and closes them when the work is done.
 * @throws misuse for whatever is wrong with either, or where they do not fit each other
 */
export async function withRun<T>(
  platform: Platform,
  asked: EvaluateOptions,
  hooks: OpeningHooks,
  work: (run: Run) => Promise<T>,
): Promise<T> {
  const { options } = withNamedShard(asked, '', platform.machine);
  const model = await platform.machine.settling(options.model, () => openModel(platform, options, hooks.signal));
  const { own = [] } = hooks;
  const attacksOn = (shape: ImageShape): Attack[] => {
    const settings = attackSettings(options, shape);
    return options.attacks.map((name) => own.find((attack) => attack.name === name) ?? createAttack(name, settings));
  };
  const { source, warnings, shard } = await openImages(platform, options, model, {
    ...hooks,
    imagesPerGroup: (shape) =>
      imagesPerGroup(
        shape,
        attacksOn(shape),
        voteSettings(options, shape),
        filledBatch(model.prepared.description.input, options),
      ),
  });
  try {
    const settings = attackSettings(options, source.shape);
    const attacks = attacksOn(source.shape);
    requireGates(options.failUnder ?? {}, attacks);
    const run = {
      platform,
      options,
      model,
      source,
      shard,
      warnings: [...model.prepared.warnings, ...warnings],
      settings,
      attacks,
      own,
      vote: voteSettings(options, source.shape),
    };
    return await namingFile(options.model, () => work(run));
  } finally {
    await source.close();
  }
}

/** Evaluates a run, or what of it the journal does not hold yet. */
export async function measureRun(
  run: Run,
  journal: Journal,
  { onEvent, signal }: RunHooks,
  mended?: ReadonlySet<number>,
): Promise<EvaluationResult> {
  const { model, source, warnings, settings, attacks, own, vote } = run;
  const { clock, machine } = run.platform;
  const classifier = await startRunClassifier(run, signal);
  try {
    const result = await machine.settling(`${model.name} on ${source.name}`, () =>
      evaluateClassifier({
        classifier,
        source,
        signal,
        journal,
        clock,
        mended,
        onProgress: (progress) => onEvent?.({ kind: 'progress', progress }),
        attacks,
        vote,
        about: {
          gimbal: machine.version,
          model: { name: model.name, sha256: model.sha256 },
          data: { name: source.name, fingerprint: source.fingerprint },
        },
        assumptions: assumptionsOf(model.prepared),
        warnings,
      }),
    );
    // In the order in which files are read again, so that what is printed is the same.
    const { warnings: told, seconds, ...figures } = result;
    const classes = await classResults(result, journal, source, { ...settings, own });
    return { ...figures, ...classes, warnings: told, seconds };
  } finally {
    await classifier.close();
  }
}
