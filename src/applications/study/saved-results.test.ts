import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { nodePlatform } from '../../node/platform.ts';
import { SAVED_RESULTS } from '../../node/saved-results.ts';
import { modelPath, shippedModels } from '../../node/runtime/shipped-models.ts';
import { nativeSha256Of } from '../../node/sha256.ts';
import { readModel } from '../../onnx/read.ts';
import { cifar10Study } from '../../studies/cifar10.ts';
import { mnistStudy } from '../../studies/mnist.ts';
import { partFile, savedResult, savedTraining } from './saved-results.ts';

describe.each([mnistStudy, cifar10Study].map((study) => [study.name, study] as const))(
  'saved results of %s that come with the package',
  (_, study) => {
    const request = { platform: nodePlatform, study, results: SAVED_RESULTS };

    it('are those of one model for each classifier, of attacks that the study has, without paths', async () => {
      for (const classifier of study.classifiers) {
        const training = await savedTraining(request, classifier);
        for (const row of study.rows.filter((candidate) => candidate.classifier === classifier.name)) {
          for (const part of row.parts) {
            const text = await readFile(
              partFile(nodePlatform.files, SAVED_RESULTS, study.name, row, part),
              'utf8',
            ).catch(() => undefined);
            if (text === undefined) continue;
            expect(training).toBeDefined();
            const saved = await savedResult(request, row, part, training!);
            expect(saved).toBeDefined();
            expect(Object.keys(saved!.attacks)).toEqual(expect.arrayContaining([...part.attacks]));
            expect(text).not.toMatch(/"\/|\/(home|work|tmp|root)\//);
          }
        }
      }
    });
  },
);

it('belong to the shipped models of the same recipe', async () => {
  for (const name of await shippedModels()) {
    const bytes = await readFile(await modelPath(name));
    const recipe = readModel(bytes).metadata.get('gimbal.recipe');
    const [study, classifier] =
      [mnistStudy, cifar10Study].flatMap((one) =>
        one.classifiers.filter((its) => its.recipe === recipe).map((its) => [one, its] as const),
      )[0] ?? [];
    if (study === undefined || classifier === undefined) continue;
    const training = await savedTraining({ platform: nodePlatform, study, results: SAVED_RESULTS }, classifier);
    if (training !== undefined) expect([name, training.model.sha256]).toEqual([name, nativeSha256Of(bytes)]);
  }
});
