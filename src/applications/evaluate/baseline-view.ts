import { tallyShared } from '../../evaluation/tally-shared.ts';
import { canonicalText } from '../../json/differences.ts';
import { drawExamples } from '../../report/build-report.ts';
import type { BaselineView } from '../../report/baseline-view.ts';
import { createWarp } from '../../transform/warp.ts';
import { readResult, type RunConfig } from './run-files.ts';
import type { EvaluationResult } from '../../evaluation/records.ts';
import type { Beside } from './baseline.ts';
import type { KeptRun } from './run.ts';

/** What the report shows of a run beside its baseline: figures, and pictures of images won and lost. */
export async function baselineView(run: KeptRun, result: EvaluationResult, beside: Beside): Promise<BaselineView> {
  const { source, settings, platform } = run;
  const { difference, changes, attack, baseline } = beside;
  const warp = createWarp(source.shape, settings.warp);
  const drawing = { source, warp, encode: platform.images.encode };
  const natural = changes.get('natural')!;
  const worst = attack && changes.get(attack.name);
  const drawn = attack?.drawn === true && worst !== undefined;
  return {
    difference,
    natural: {
      ...natural,
      shownWon: await drawExamples(drawing, 'natural', natural.shownWon),
      shownLost: await drawExamples(drawing, 'natural', natural.shownLost),
    },
    ...(attack !== undefined && worst !== undefined
      ? {
          worst: {
            ...worst,
            attack: attack.name,
            // Found on images of another size or border, a transformation is not what it was.
            shownWon:
              drawn && sameView(baseline.config, run.config)
                ? await drawExamples(drawing, attack.name, worst.shownWon)
                : [],
            shownLost: drawn ? await drawExamples(drawing, attack.name, worst.shownLost) : [],
          },
        }
      : {}),
    survival: await survivals(run, result, beside),
  };
}

function sameView(...configs: readonly [RunConfig, RunConfig]): boolean {
  const [one, other] = configs.map(({ data, options }) => {
    const { padding, convention, interpolation = 'bilinear', mask = 'none' } = options;
    const { shape = null } = data;
    return canonicalText({ shape, padding, convention, interpolation, mask });
  });
  return one === other;
}

/** What both withstand, of the images that both hold. */
async function survivals(
  { platform, folder, config }: KeptRun,
  now: EvaluationResult,
  { baseline }: Beside,
): Promise<BaselineView['survival']> {
  const before = await readResult(platform.files, baseline.folder);
  if (now.tolerance === undefined || before?.tolerance === undefined) return [];
  const { runs } = await tallyShared([
    { records: baseline.records(), tolerance: before.tolerance, own: baseline.config.ownAttacks },
    { records: folder.journal.records(), tolerance: now.tolerance, own: config.ownAttacks },
  ]);
  const [one, other] = runs.map(({ survival }) => survival);
  return Array.from(one).flatMap(([attack, { extent, survival }]) => {
    const after = other.get(attack);
    return after?.extent === extent ? [{ attack, extent, before: survival, after: after.survival }] : [];
  });
}
