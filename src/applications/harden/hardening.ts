import { excludeIndices } from '../../data/selection.ts';
import type { ImageSource } from '../../data/source.ts';
import { pairOutcomes } from '../../evaluation/pair-outcomes.ts';
import type { EvaluationResult } from '../../evaluation/records.ts';
import { describeShape, imageSize } from '../../image/image.ts';
import { findChanges, type Changes } from '../../report/changes/find-changes.ts';
import { hardestAttack, type HardeningViews } from '../../report/hardening/hardening-report.ts';
import { formatCount } from '../../notation/numbers.ts';
import type { Model } from '../../onnx/graph.ts';
import { readModel } from '../../onnx/read.ts';
import { writeModel } from '../../onnx/write.ts';
import type { EvaluateOptions } from '../../options/evaluate-options.ts';
import type { HardenOptions } from '../../options/harden-options.ts';
import { createBox } from '../../sets/box.ts';
import { pairedDifference } from '../../statistics/paired-difference.ts';
import { heldOutIndices, splitHeldOut } from '../../training/batches/order.ts';
import { hardenedModel } from '../../training/export/hardened-model.ts';
import { mirroringIsHarmless } from '../../training/run/mirroring.ts';
import { planHardening } from '../../training/hardening/plan.ts';
import { ImportedNetwork } from '../../training/network/imported-network.ts';
import { settingsWith, TrainingSchema, type TrainingSettings } from '../../training/recipes/recipe.ts';
import { labelledByTeacher } from '../../training/run/teacher-labels.ts';
import { trainNetwork, type TrainingResult } from '../../training/run/train.ts';
import { freeze, type FrozenModel } from '../../training/step/frozen-model.ts';
import { preparation } from '../evaluate/reading.ts';
import { openImages, type OpenModel } from '../evaluate/inputs.ts';
import type { KeptRun } from '../evaluate/run.ts';
import { completeRun, withKeptRun } from '../evaluate/kept-run.ts';
import { toText } from '../../json/to-text.ts';
import type { Platform } from '../platform.ts';
import { MODEL_FILE } from '../train/training-files.ts';
import { chooseTest, type TestImages } from './choose-test.ts';
import { evaluationOptions, imagesToMeasure } from './evaluations.ts';
import { feedingOf, sidecarOf } from './feeding.ts';
import { fewHeldOut } from './few-held-out.ts';
import { missingClasses } from './missing-classes.ts';
import type { HardenHooks } from './harden.ts';
import { type AttackChange, hardeningText, type HardenResult } from './result.ts';
import { viewRun } from './views.ts';
import { writeHardeningReport } from './write-report.ts';

/** Images won, and as many lost, whose pictures the report shows. */
const SHOWN = 12;
/** Values of an image from which on the loss is measured around one image alone. */
const LARGE = 3 * 64 * 64;

/** The evaluation of the model as it came, and that of the hardened one. */
type Stage = 'before' | 'after';

/** What was opened for one hardening. */
interface Opened {
  readonly platform: Platform;
  /** The model's file. */
  readonly path: string;
  readonly options: HardenOptions & { readonly out: string };
  readonly hooks: HardenHooks;
  readonly model: OpenModel;
  readonly original: Model;
  readonly network: ImportedNetwork;
  readonly teacher: FrozenModel;
  readonly data: ImageSource;
  readonly settings: TrainingSettings;
  readonly test: TestImages;
}

/** One hardening: its parts opened, and each stage as a method. */
export class Hardening {
  /** Both evaluations are of the same images: what to beware of about these is told once. */
  readonly #warned = new Set<string>();
  readonly #opened: Opened;

  private constructor(opened: Opened) {
    this.#opened = opened;
  }

  static async open(
    platform: Platform,
    options: Opened['options'],
    path: string,
    model: OpenModel,
    hooks: HardenHooks,
  ): Promise<Hardening> {
    const { machine, models, runtime } = platform;
    const { read: original } = await models.read(path, readModel);
    const kept = new ImportedNetwork(original, model.prepared);
    const teacher = await freeze(kept, kept.initialState(), runtime, options.threads ?? machine.cores);
    const base = evaluationOptions(options);
    const unlabelled = options.labels === 'none';
    const { source } = await openImages(
      platform,
      { ...base, limit: undefined, spread: undefined, split: 'train' },
      model,
      {
        signal: hooks.signal,
        unlabelled,
      },
    );
    try {
      const data = unlabelled
        ? await labelledByTeacher(source, teacher, { classes: kept.classes, sha256: model.sha256 }, hooks.signal)
        : source;
      const settings = settingsFor(options, kept, data, {
        mirrored: unlabelled || (await mirroringIsHarmless(data, teacher, kept.classes, hooks.signal)),
      });
      const network =
        settings.norms === 'estimate' ? new ImportedNetwork(original, model.prepared, settings.norms) : kept;
      const test = await chooseTest(platform, options, base, model, source, hooks);
      const heldOut = `the ${formatCount(settings.heldOut)} images held out of ${data.name}`;
      hooks.onEvent?.({
        kind: 'begin',
        images: data.length - settings.heldOut,
        heldOut: settings.heldOut,
        testedOn: test.from === 'heldOut' ? heldOut : test.source,
        settings,
      });
      const few = fewHeldOut(settings, test.from);
      if (few !== undefined) hooks.onEvent?.({ kind: 'note', text: few });
      const missing = unlabelled ? undefined : missingClasses(source, kept.classes);
      if (missing !== undefined) hooks.onEvent?.({ kind: 'warning', text: missing });
      return new Hardening({ platform, path, options, hooks, model, original, network, teacher, data, settings, test });
    } catch (error) {
      await source.close();
      await teacher.release();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#opened.data.close();
    await this.#opened.teacher.release();
  }

  /** Evaluates the model of a stage into a folder of the run's, or takes the result that is there. */
  async evaluate(stage: Stage): Promise<EvaluationResult> {
    const { hooks } = this.#opened;
    hooks.onEvent?.({ kind: 'stage', stage });
    const { result } = await this.#withRun(stage, (run) =>
      completeRun(run, {
        signal: hooks.signal,
        onEvent: (event) => {
          if (event.kind === 'progress') hooks.onEvent?.({ kind: 'evaluation', progress: event.progress });
        },
      }),
    );
    for (const text of result.warnings) {
      if (this.#warned.has(text)) continue;
      this.#warned.add(text);
      hooks.onEvent?.({ kind: 'warning', text });
    }
    return result;
  }

  /** Opens the evaluation of a stage: of the model as it came, or of the one that was written. */
  #withRun<T>(stage: Stage, work: (run: KeptRun) => Promise<T>): Promise<T> {
    const { platform, options, path, hooks, model, network, test } = this.#opened;
    const { files } = platform;
    const evaluation: EvaluateOptions = {
      ...evaluationOptions(options),
      ...feedingOf(model.prepared, options),
      model: stage === 'before' ? path : files.join(options.out, MODEL_FILE),
      data: test.source,
      split: test.split,
      exclude: test.from === 'test' ? options.exclude : undefined,
      limit: options.limit ?? imagesToMeasure(network.shape),
      out: files.join(options.out, stage),
    };
    return withKeptRun(
      platform,
      evaluation,
      hooks.command,
      {
        signal: hooks.signal,
        unlabelled: options.labels === 'none' && (options.test === undefined || test.from === 'heldOut'),
        withSource: (source) => this.#testSource(source),
      },
      work,
    );
  }

  async train(): Promise<TrainingResult> {
    const { platform, options, hooks, model, network, data, settings } = this.#opened;
    hooks.onEvent?.({ kind: 'stage', stage: 'training' });
    const identity = {
      hardening: platform.machine.version,
      model: model.sha256,
      preprocessing: model.prepared.preprocessing,
      settings,
      labels: options.labels === 'none' ? 'none' : 'given',
      data: {
        name: data.name,
        fingerprint: data.fingerprint,
        shape: describeShape(data.shape),
        ...preparation(options),
      },
    };
    return trainNetwork(
      {
        settings,
        data,
        runtime: platform.runtime,
        store: platform.trainingStore(options.out),
        clock: platform.clock,
        threads: options.threads ?? platform.machine.cores,
        device: options.device,
        signal: hooks.signal,
        onEvent: (event) => hooks.onEvent?.({ kind: 'training', event }),
      },
      { identity, network: async () => network },
    );
  }

  /** Writes the model, and beside it how it is fed, where its file does not tell. */
  async write({ state, metrics, bestEpoch = 0, between }: TrainingResult): Promise<void> {
    const { platform, options, original, model, network, data, settings } = this.#opened;
    const { files, machine } = platform;
    const kept = between ?? metrics[bestEpoch - 1];
    const how = {
      gimbal: machine.version,
      from: model.sha256,
      data: data.name,
      labels: options.labels === 'none' ? 'none' : 'given',
      settings,
      epoch: bestEpoch,
      share: between?.share,
      heldOut: kept && { natural: kept.natural, worstOf10: kept.worstOf10 },
    };
    const bytes = writeModel(
      hardenedModel(
        original,
        network,
        state,
        how,
        bestEpoch === 0
          ? undefined
          : { settings, fingerprint: data.fingerprint, heldOut: heldOutIndices(data, settings) },
      ),
    );
    await files.write(files.join(options.out, MODEL_FILE), bytes);
    const feeding = sidecarOf(model.prepared);
    if (Object.keys(feeding).length > 0) {
      await files.write(files.join(options.out, MODEL_FILE.replace(/\.onnx$/, '.json')), toText(feeding));
    }
  }

  async conclude(before: EvaluationResult, after: EvaluationResult, trained: TrainingResult): Promise<HardenResult> {
    const { platform, options, hooks, model, data, settings, test } = this.#opened;
    const { files, machine, runs } = platform;
    const records = (stage: Stage) => runs.records(files.join(options.out, stage));
    const pairs = await pairOutcomes(records('before'), records('after'));
    const attack = hardestAttack([...pairs.attacks.keys()]);
    const changes =
      attack === undefined ? undefined : await findChanges(records('before'), records('after'), attack, SHOWN);
    const result: HardenResult = {
      gimbal: machine.version,
      command: hooks.command,
      model: { name: model.name, sha256: model.sha256 },
      data: {
        name: data.name,
        fingerprint: data.fingerprint,
        images: data.length - settings.heldOut,
        labels: options.labels === 'none' ? 'none' : 'given',
      },
      test: { name: before.data.name, n: before.n, from: test.from },
      settings,
      updates: trained.metrics.at(-1)?.step ?? 0,
      baseline: trained.baseline,
      epochs: trained.metrics,
      bestEpoch: trained.bestEpoch ?? trained.metrics.length,
      between: trained.between,
      before: before.attacks,
      after: after.attacks,
      difference: Object.fromEntries(
        [...pairs.attacks].map(([attack, counts]): [string, AttackChange] => [
          attack,
          { ...counts, ...pairedDifference(counts) },
        ]),
      ),
      ...(attack !== undefined &&
        changes !== undefined && {
          images: { attack, won: changes.won, lost: changes.lost },
          classes: changes.classes,
        }),
      // Whenever it was stopped and went on: an evaluation and an epoch know what they took.
      seconds: [before, ...trained.metrics, after].reduce((sum, { seconds }) => sum + seconds, 0),
    };
    await files.write(files.join(options.out, 'result.json'), hardeningText(result));
    await writeHardeningReport(platform, options.out, result, await this.#views(attack, changes));
    return result;
  }

  /** Pictures of images won and lost, and the loss around the first of them in both models. */
  async #views(attack: string | undefined, changes: Changes | undefined): Promise<HardeningViews> {
    if (attack === undefined || changes === undefined) return { won: [], lost: [], landscapes: [] };
    const { hooks, network } = this.#opened;
    const { shownWon, shownLost } = changes;
    const around = [...shownWon, ...shownLost].slice(0, imageSize(network.shape) > LARGE ? 1 : 3);
    const [before, after] = [
      await this.#withRun('before', (run) => viewRun(run, attack, shownWon, around, hooks.signal)),
      await this.#withRun('after', (run) => viewRun(run, attack, shownLost, around, hooks.signal)),
    ];
    return {
      classNames: before.classNames,
      made: before.made,
      won: before.examples,
      lost: after.examples,
      landscapes: around.flatMap(({ record: { index } }) => {
        const [one, other] = [before.landscapes.get(index), after.landscapes.get(index)];
        return one === undefined || other === undefined ? [] : [{ before: one, after: other }];
      }),
    };
  }

  /** The test images, labelled by the teacher where there are no labels. */
  async #testSource(opened: ImageSource): Promise<ImageSource> {
    const { options, hooks, teacher, network, model, settings, test, data } = this.#opened;
    let source = opened;
    if (test.from === 'heldOut') {
      const { train } = splitHeldOut(data.length, settings.heldOut, settings.batch, settings.seed);
      source = excludeIndices(source, [...train]);
    }
    return options.labels === 'none' && options.test === undefined
      ? labelledByTeacher(source, teacher, { classes: network.classes, sha256: model.sha256 }, hooks.signal)
      : source;
  }
}

/** @param mirrored whether mirrored images may be trained on; without labels the teacher answers for them as well */
function settingsFor(
  options: HardenOptions,
  { shape }: ImportedNetwork,
  data: ImageSource,
  { mirrored }: { readonly mirrored: boolean },
): TrainingSettings {
  const box = createBox(shape, options.rotation, options.translation);
  const plan = planHardening({
    images: data.length,
    shape,
    labelled: options.labels !== 'none',
    mirrored,
    rotation: box.angle,
    translation: Math.max(box.tx, box.ty),
    allowedLoss: options.keep / 100,
    seed: options.seed,
  });
  return settingsWith(TrainingSchema, plan, options.set, 'hardening');
}
