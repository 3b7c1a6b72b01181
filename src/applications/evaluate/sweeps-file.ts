import { z } from 'zod';
import type { Sweep } from '../../evaluation/sweeps.ts';
import type { EvaluationResult } from '../../evaluation/records.ts';
import { formatField, formatName } from '../../json/format.ts';
import { sealed } from '../../json/sealed.ts';
import { toText } from '../../json/to-text.ts';
import type { Files } from '../../ports/files.ts';
import { readSealed } from '../../ports/read-json.ts';
import { fromTuple, toTuple } from '../../transform/transformation.ts';

const SWEEPS_FILE = 'sweeps.json';
const KIND = 'sweeps';
const FORMAT = 1;

const DAMAGED = {
  code: 'run-folder-damaged',
  advice: 'Put it back from a copy, or delete it: it is measured anew.',
};

const count = z.int().nonnegative();

const sweepsSchema = z.looseObject({
  format: formatField(KIND, FORMAT),
  model: z.string(),
  data: z.string(),
  images: z.array(
    z.looseObject({
      index: count,
      verdicts: z.array(
        z.looseObject({
          transformation: z.tuple([z.number(), z.number(), z.number()]),
          predicted: count,
          loss: z.number(),
        }),
      ),
    }),
  ),
});

/** Sweeps over the images that a report shows, by index of the image. */
export type Sweeps = ReadonlyMap<number, Sweep>;

type Measured = Pick<EvaluationResult, 'model' | 'data'>;

/** The sweeps that a run folder holds of its model and data. @throws misuse `run-folder-damaged` */
export async function readSweeps(files: Files, folder: string, { model, data }: Measured): Promise<Sweeps> {
  const kept = await readSealed(files, files.join(folder, SWEEPS_FILE), sweepsSchema, DAMAGED);
  if (kept === undefined || kept.model !== model.sha256 || kept.data !== data.fingerprint) return new Map();
  return new Map(
    kept.images.map(({ index, verdicts }) => [
      index,
      verdicts.map(({ transformation, predicted, loss }) => ({
        transformation: fromTuple(transformation),
        predicted,
        loss,
      })),
    ]),
  );
}

/** Keeps sweeps in a run folder, or removes the file where there are none. */
export async function keepSweeps(files: Files, folder: string, of: Measured, sweeps: Sweeps): Promise<void> {
  const path = files.join(folder, SWEEPS_FILE);
  if (sweeps.size === 0) return files.remove(path);
  const images = Array.from(sweeps, ([index, sweep]) => ({
    index,
    verdicts: sweep.map(({ transformation, predicted, loss }) => ({
      transformation: toTuple(transformation),
      predicted,
      loss,
    })),
  }));
  const { model, data } = of;
  const content = { format: formatName(KIND, FORMAT), model: model.sha256, data: data.fingerprint, images };
  await files.write(path, toText(sealed(content)));
}
