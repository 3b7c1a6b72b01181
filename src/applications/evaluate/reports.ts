import type { EvaluationResult } from '../../evaluation/records.ts';
import { REPORT_FILES, writeReport } from './write-report.ts';
import type { RunConfig } from './run-files.ts';
import type { EvaluateOptions } from '../../options/evaluate-options.ts';
import { optionEntries } from '../../settings/option.ts';
import { evaluateSchema } from '../../options/evaluate-options.ts';
import { buildReport } from '../../report/build-report.ts';
import { madeOf } from '../../report/made.ts';
import type { ReportInput } from '../../report/report-input.ts';
import type { Grid } from '../../sets/grid.ts';
import { createWarp } from '../../transform/warp.ts';
import { assumptionsOf } from '../../model/assumptions.ts';
import { type Beside, differenceStands, keepDifference } from './baseline.ts';
import { baselineView } from './baseline-view.ts';
import { landscapeMeter } from './landscapes.ts';
import { type ReportClassifier, reportClassifier } from './report-classifier.ts';
import type { KeptRun } from './run.ts';
import { sliceMeter } from './slices.ts';
import { smallestFinder } from './smallest.ts';
import { type Sweeper, sweeperOf } from './sweeps.ts';

/** Options that decide what reports show, and nothing else. */
const SHOWN = ['examples', 'landscapes', 'baseline'] as const;

/** Whether the reports of a finished run are there and show what is asked for now. */
export async function reportsStand(run: KeptRun, beside?: Beside): Promise<boolean> {
  const { folder, config } = run;
  if (!sameView(folder.config, config) || !(await differenceStands(run, beside))) return false;
  for (const name of REPORT_FILES) if (!(await folder.has(name))) return false;
  return true;
}

function sameView(...configs: [RunConfig, RunConfig]): boolean {
  const [one, other] = configs.map(({ options }) => options);
  return SHOWN.every((name) => one[name] === other[name]);
}

/** Writes `report.html`, `report.md`, `failures.csv`, and beside a baseline `difference.json` into the run folder. */
export async function writeReports(
  run: KeptRun,
  result: EvaluationResult,
  { signal, beside }: { readonly signal?: AbortSignal; readonly beside?: Beside } = {},
): Promise<void> {
  const { folder, config } = run;
  if (!sameView(folder.config, config)) {
    await folder.reconfigure({ ...folder.config, options: config.options });
  }
  const classifier = reportClassifier(run, signal);
  try {
    const sweeper = await sweeperOf(run, result, classifier);
    const input = await gatherReport(run, result, { classifier, sweeper, beside });
    // What a stop cut short is not there to stay: the same command gathers it anew.
    signal?.throwIfAborted();
    await sweeper.keep();
    await writeReport(run.platform, folder.directory, input);
    // Last: it tells that the reports are those of this baseline.
    await keepDifference(run, beside);
  } finally {
    await classifier.close();
  }
}

async function gatherReport(
  run: KeptRun,
  result: EvaluationResult,
  {
    classifier,
    sweeper,
    beside,
  }: { readonly classifier: ReportClassifier; readonly sweeper: Sweeper; readonly beside?: Beside },
): Promise<ReportInput> {
  const { options, model, source, attacks, settings, own, vote, folder, command, platform } = run;
  return buildReport({
    result,
    made: madeOf(folder.config),
    command,
    source,
    setting: { ...settings, own, vote, mirror: options.mirror },
    configuration: configurationInWords(options),
    assumptions: assumptionsOf(model.prepared),
    journal: folder.journal,
    warp: createWarp(source.shape, settings.warp),
    warps: new Map(
      attacks.flatMap(({ name, interpolation }) =>
        interpolation === undefined
          ? []
          : [[name, createWarp(source.shape, { ...settings.warp, interpolation })] as const],
      ),
    ),
    grids: options.exhaustive ? gridsOf(run) : undefined,
    examples: options.examples,
    findSmallest: smallestFinder(run, result, classifier),
    sweep: sweeper.sweep,
    slices: sliceMeter(run, result, classifier),
    landscapes: landscapeMeter(run, result, classifier),
    encode: platform.images.encode,
    baseline: beside && (await baselineView(run, result, beside)),
  });
}

/** The grids whose losses an exhaustive run keeps, by name of the attack. */
function gridsOf({ attacks }: KeptRun): Map<string, Grid> {
  return new Map(
    attacks.flatMap(({ name, figure }) => (figure?.kind === 'grid' ? [[name, figure.grid] as const] : [])),
  );
}

function configurationInWords(options: EvaluateOptions): [string, string][] {
  return optionEntries(evaluateSchema).flatMap(({ key, name }): [string, string][] => {
    const value = options[key as keyof EvaluateOptions];
    return value === undefined || value === false ? [] : [[name, inWords(value)]];
  });
}

function inWords(value: unknown): string {
  if (Array.isArray(value)) {
    return value.join(', ');
  }
  if (typeof value !== 'object' || value === null) {
    return value === true ? 'yes' : String(value);
  }
  const entries = Object.entries(value);
  return entries.map(([key, inner]) => `${key} ${inWords(inner)}`).join(', ');
}
