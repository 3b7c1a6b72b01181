import type { Architecture } from '../network/architecture.ts';
import { imagenetResnet } from './imagenet-resnet.ts';
import { mnistConvnet } from './mnist-convnet.ts';
import { plainConvnet } from './plain-convnet.ts';
import { resnet } from './resnet.ts';
import { resnet9 } from './resnet9.ts';
import { whitenedConvnet } from './whitened-convnet.ts';

/** Every architecture that a recipe may name. */
export const ARCHITECTURES: readonly Architecture[] = [
  mnistConvnet,
  plainConvnet,
  resnet,
  resnet9,
  whitenedConvnet,
  imagenetResnet,
];

export const ARCHITECTURE_NAMES = ARCHITECTURES.map((a) => a.name);

export function architectureNamed(name: string): Architecture {
  const found = ARCHITECTURES.find((a) => a.name === name);
  if (found === undefined) throw new Error(`internal: no architecture is named '${name}'`);
  return found;
}
