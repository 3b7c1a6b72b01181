import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { cifar10Study } from '../../studies/cifar10.ts';
import { mnistStudy } from '../../studies/mnist.ts';
import { modelCards } from '../../testing/model-cards.ts';

it('models/README.md tells what results/ holds of the shipped models', async () => {
  await expect(await modelCards([mnistStudy, cifar10Study])).toMatchFileSnapshot(fileURLToPath(new URL('../../../models/README.md', import.meta.url)));
});
