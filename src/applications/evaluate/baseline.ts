import { misuse } from '../../errors/error.ts';
import { optionWords } from '../../errors/option-words.ts';
import type { EvaluationResult } from '../../evaluation/records.ts';
import type { RunDifference } from '../../evaluation/run-difference.ts';
import { formatName } from '../../json/format.ts';
import { sealed } from '../../json/sealed.ts';
import { toText } from '../../json/to-text.ts';
import { readTextIfThere } from '../../ports/read-text.ts';
import { attackOf } from '../../report/attack-of.ts';
import { type Changes, findChanges } from '../../report/changes/find-changes.ts';
import { worstAttack, worstSpatial } from '../../report/headline.ts';
import { type ComparedRun, describeData, differenceOf, sideOf } from '../difference/difference.ts';
import { readRun } from '../difference/read-run.ts';
import { otherAdversary } from './configuration.ts';
import type { KeptRun, RunHooks } from './run.ts';
import { readResult } from './run-files.ts';

/** What of a run folder tells how its run differs from the baseline. */
const DIFFERENCE_FILE = 'difference.json';

const NAMES = ['in the baseline', 'in this run'] as const;

/** Images won, and as many lost, whose pictures the report shows. */
const SHOWN = 12;

/** A run beside an earlier one. */
export interface Beside {
  readonly baseline: ComparedRun;
  readonly difference: RunDifference;
  /** By name of the attack: of the images as they are, and of the attack that leaves the least. */
  readonly changes: ReadonlyMap<string, Changes>;
  /** The second of these, if there is one, and whether its images can be drawn. */
  readonly attack?: { readonly name: string; readonly drawn: boolean };
}

/**
 * The earlier run that `--baseline` names, looked at before anything is computed.
 * @throws misuse `not-a-run-folder`, `run-folder-damaged`, `other-data`, `other-adversary`
 */
export async function openBaseline(
  { options, config, folder, platform }: KeptRun,
  { onEvent }: RunHooks,
): Promise<ComparedRun | undefined> {
  if (options.baseline === undefined) return undefined;
  const baseline = await readRun(platform, options.baseline);
  const [before, now] = [sideOf(baseline), sideOf({ folder: folder.directory, config })];
  if (before.data.fingerprint !== now.data.fingerprint) {
    throw misuse({
      code: 'other-data',
      subject: optionWords('baseline', options.baseline),
      problem: `was measured on ${describeData(before.data)}, and this run is on ${describeData(now.data)}.`,
      advice:
        `Only runs on the same data can be set side by side (${optionWords('limit')} and ` +
        `${optionWords('offset')} may differ): ` +
        'evaluate the earlier model on these data, and name that run.',
    });
  }
  const others = otherAdversary(baseline.config, config, NAMES);
  if (others.length > 0 && options.failIfWorse !== undefined) {
    throw misuse({
      code: 'other-adversary',
      subject: optionWords('fail-if-worse'),
      problem: `cannot tell which is worse: the attacks of ${options.baseline} were others (${others.join('; ')}).`,
      advice:
        'Evaluate the earlier model once more with the options of this run, ' +
        `or leave ${optionWords('fail-if-worse')} out: then both are shown side by side.`,
    });
  }
  if ((await readResult(platform.files, options.baseline)) === undefined)
    onEvent?.({ kind: 'warning', text: 'The baseline is not finished: images that it lacks are left out.' });
  if (others.length > 0)
    onEvent?.({ kind: 'warning', text: `The attacks of the baseline were others: ${others.join('; ')}.` });
  return baseline;
}

/** Sets a finished run beside the baseline. @throws misuse `nothing-to-compare`, `run-folder-damaged` */
export async function setBeside(run: KeptRun, result: EvaluationResult, baseline: ComparedRun): Promise<Beside> {
  const { folder, config, settings, own, vote } = run;
  const records = () => folder.journal.records();
  const difference = await differenceOf(baseline, { folder: folder.directory, config, records }, NAMES);
  const setting = { ...settings, own, vote };
  const common = Object.entries(result.attacks).filter(([name]) => name in difference.attacks);
  const measured = { setting, result: { ...result, attacks: Object.fromEntries(common) } };
  const worst = worstSpatial(measured) ?? worstAttack(measured);
  const changes = new Map<string, Changes>();
  for (const attack of ['natural', ...(worst === undefined ? [] : [worst.name])])
    changes.set(attack, await findChanges(baseline.records(), records(), attack, SHOWN));
  return {
    baseline,
    difference,
    changes,
    ...(worst === undefined
      ? {}
      : { attack: { name: worst.name, drawn: attackOf(worst.name, setting).changes === 'view' } }),
  };
}

/** Whether a run folder tells this difference, or none where there is no baseline. */
export async function differenceStands({ platform: { files }, folder }: KeptRun, beside?: Beside): Promise<boolean> {
  const there = await readTextIfThere(files, files.join(folder.directory, DIFFERENCE_FILE)).catch(() => '');
  return there === (beside && differenceText(beside));
}

/** Writes the difference into the run folder, or removes one that is asked for no longer. */
export async function keepDifference({ platform: { files }, folder }: KeptRun, beside?: Beside): Promise<void> {
  const path = files.join(folder.directory, DIFFERENCE_FILE);
  if (beside === undefined) await files.remove(path);
  else await files.write(path, differenceText(beside));
}

function differenceText({ difference, changes }: Beside): string {
  const indices = Array.from(changes, ([attack, { won, lost }]) => [attack, { won, lost }]);
  return toText(
    sealed({ format: formatName('difference', 1), ...difference, changes: Object.fromEntries(indices) as object }),
  );
}
