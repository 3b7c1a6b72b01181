import { sha256Of } from '../../digest/sha256.ts';
import { chosenClassifiers } from '../../studies/study.ts';
import { METRICS_FILE, MODEL_FILE } from '../train/training-files.ts';
import { claimTrainingFolder, writeTrainingConfig } from '../train/training-folder.ts';
import { savedTraining } from './saved-results.ts';
import type { StudyRequest } from './study-request.ts';

/**
 * Puts classifiers that come with the package (`models/mnist-aug-30.onnx`) into the study's folder, where they count as
 * trained, so that they are measured without training. What the folder holds already stays; a model whose saved results
 * are those of another training is left alone.
 * @returns names of the classifiers that the folder now holds
 */
export async function adoptModels(
  request: Pick<StudyRequest, 'platform' | 'study' | 'out' | 'only' | 'results'>,
): Promise<string[]> {
  const { platform, study, out, only } = request;
  const { files, models } = platform;
  const names = await models.shipped();
  const adopted: string[] = [];
  for (const classifier of chosenClassifiers(study, only)) {
    const name = `${study.name}-${classifier.name}`;
    const training = await savedTraining(request, classifier);
    const folder = files.join(out, classifier.name);
    const isThere = (await files.kindOf(files.join(folder, MODEL_FILE))) !== undefined;
    if (isThere) adopted.push(classifier.name);
    if (isThere || training === undefined || !names.includes(name)) continue;
    const bytes = await files.read(await models.locate(name));
    if (sha256Of(bytes) !== training.model.sha256) continue;
    await claimTrainingFolder(platform, folder);
    await writeTrainingConfig(files, folder, {
      shipped: name,
      recipe: training.recipe,
      settings: training.settings,
      machine: training.machine,
    });
    await files.write(
      files.join(folder, METRICS_FILE),
      training.epochs.map((epoch) => `${JSON.stringify(epoch)}\n`).join(''),
    );
    await files.write(files.join(folder, MODEL_FILE), bytes);
    adopted.push(classifier.name);
  }
  return adopted;
}
