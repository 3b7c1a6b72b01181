import { nodePlatform } from '../../node/platform.ts';
import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { METRICS_FILE, MODEL_FILE } from '../../applications/train/training-files.ts';
import { claimTrainingFolder, writeTrainingConfig } from '../../applications/train/training-folder.ts';
import { writeAtomically } from '../../node/output/write-atomically.ts';
import { modelPath, shippedModels } from '../../node/runtime/shipped-models.ts';
import { sha256Of } from '../../node/sha256.ts';
import { chosenClassifiers } from '../../studies/study.ts';
import { savedTraining } from './shipped.ts';
import type { StudyRequest } from './study-request.ts';

/**
 * Puts classifiers that come with the package (`models/mnist-aug-30.onnx`) into the study's folder, where they count as
 * trained, so that they are measured without training. What the folder holds already stays; a model of which the saved
 * results tell another training is left alone.
 * @returns names of the classifiers that the folder now holds
 */
export async function takeShipped(
  request: Pick<StudyRequest, 'study' | 'out' | 'only' | 'results'>,
): Promise<string[]> {
  const { study, out, only } = request;
  const names = await shippedModels();
  const taken: string[] = [];
  for (const classifier of chosenClassifiers(study, only)) {
    const name = `${study.name}-${classifier.name}`;
    const training = await savedTraining(request, classifier);
    const folder = join(out, classifier.name);
    const there = await access(join(folder, MODEL_FILE)).then(
      () => true,
      () => false,
    );
    if (there) taken.push(classifier.name);
    if (there || training === undefined || !names.includes(name)) continue;
    const bytes = await readFile(await modelPath(name));
    if (sha256Of(bytes) !== training.model.sha256) continue;
    await claimTrainingFolder(nodePlatform, folder);
    await writeTrainingConfig(nodePlatform.files, folder, {
      shipped: name,
      recipe: training.recipe,
      settings: training.settings,
      machine: training.machine,
    });
    await writeAtomically(
      join(folder, METRICS_FILE),
      training.epochs.map((epoch) => `${JSON.stringify(epoch)}\n`).join(''),
    );
    await writeAtomically(join(folder, MODEL_FILE), bytes);
    taken.push(classifier.name);
  }
  return taken;
}
