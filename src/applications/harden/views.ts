import { reportClassifier } from '../evaluate/report-classifier.ts';
import type { KeptRun } from '../evaluate/run.ts';
import { measureLandscape, type Landscape } from '../../evaluation/landscape.ts';
import { drawExamples, findImage } from '../../report/build-report.ts';
import { type Made, madeOf } from '../../report/made.ts';
import type { PlacedRecord } from '../../report/choose-examples.ts';
import type { Example } from '../../report/report-input.ts';
import { createWarp } from '../../transform/warp.ts';

/** What one of the two evaluations shows of chosen images. */
export interface RunViews {
  readonly made: Made;
  readonly classNames?: readonly string[];
  readonly examples: readonly Example[];
  /** By index of the image. */
  readonly landscapes: ReadonlyMap<number, Landscape>;
}

/**
 * Pictures of images with what fools the model of this run, and the loss around others.
 * @param fooled with their records in this run
 */
export async function viewRun(
  run: KeptRun,
  attack: string,
  fooled: readonly PlacedRecord[],
  around: readonly PlacedRecord[],
  signal?: AbortSignal,
): Promise<RunViews> {
  const { source, settings, platform } = run;
  const warp = createWarp(source.shape, settings.warp);
  const classifier = reportClassifier(run, signal);
  const landscapes = new Map<number, Landscape>();
  try {
    for (const { position, record } of around) {
      const image = await findImage(source, record.index, position);
      const landscape =
        image &&
        (await classifier.ask((started) =>
          measureLandscape(started, { ...image, shape: source.shape }, { ...settings.box, ty: 0 }),
        ));
      if (landscape !== undefined) landscapes.set(record.index, landscape);
    }
  } finally {
    await classifier.close();
  }
  const examples = await drawExamples({ source, warp, encode: platform.images.encode }, attack, fooled);
  return { made: madeOf(run.folder.config), classNames: source.classNames, examples, landscapes };
}
