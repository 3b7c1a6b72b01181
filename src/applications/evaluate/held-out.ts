import type { ImageSource } from '../../data/source.ts';
import { misuse } from '../../errors/error.ts';
import { optionWords } from '../../errors/option-words.ts';
import type { Model } from '../../onnx/graph.ts';
import { METADATA } from '../../training/export/inference-model.ts';

/** A sentence where a model is measured on the images that it was trained on. */
export function trainedOn({ metadata }: Model, sources: readonly ImageSource[]): string | undefined {
  const same = trainingSource(metadata, sources);
  if (same === undefined) return undefined;
  const heldOut = positions(metadata.get(METADATA.heldOut));
  return (
    `The model was trained on these images (${same.name}): on others it is likely to withstand less. ` +
    (heldOut === undefined
      ? 'Measure it on images that it has not seen.'
      : `${optionWords('held-out')} measures it on the ${heldOut.length} of them that its training kept apart.`)
  );
}

/**
 * The positions that `--held-out` leaves out of a data set.
 * @param sources the data set as a whole, and without what `--exclude` leaves out
 * @throws misuse `nothing-held-out` where the model does not tell what its training kept apart, or was trained on other
 *   data
 */
export function notHeldOut({ metadata }: Model, sources: readonly ImageSource[]): number[] {
  const [whole] = sources;
  const heldOut = positions(metadata.get(METADATA.heldOut));
  const refuse = (problem: string): Error =>
    misuse({
      code: 'nothing-held-out',
      subject: optionWords('held-out'),
      problem,
      advice: 'Leave it out, and measure on images that the model has not seen.',
    });
  if (heldOut === undefined) throw refuse('the model does not tell which images its training kept apart.');
  if (trainingSource(metadata, sources) === undefined)
    throw refuse(
      `the model was not trained on ${whole.name} as it is chosen here (${optionWords('data')}, ` +
        `${optionWords('split')}, ${optionWords('exclude')}).`,
    );
  const kept = new Set(heldOut);
  return Array.from({ length: whole.length }, (_, position) => position).filter((position) => !kept.has(position));
}

/** The source that a model was trained on; the metadata of an ensemble list the training sets of all its members. */
function trainingSource(metadata: Model['metadata'], sources: readonly ImageSource[]): ImageSource | undefined {
  const trainingSets = metadata.get(METADATA.fingerprint)?.split(',');
  return sources.find(({ fingerprint }) => trainingSets?.includes(fingerprint));
}

/** A list of positions as metadata hold it; undefined where there is none, or it is something else. */
function positions(text: string | undefined): number[] | undefined {
  if (text === undefined || !/^\[\d{1,10}(,\d{1,10})*\]$/.test(text)) return undefined;
  return text.slice(1, -1).split(',').map(Number);
}
