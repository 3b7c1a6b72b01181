import { expect, it } from 'vitest';
import { Network } from '../network/network.ts';
import { imagenetResnet } from './imagenet-resnet.ts';

// Counted by torchvision 0.28: sum(p.numel() for p in torchvision.models.resnet18().parameters()), and so on.
it.each([
  [18, 11_689_512],
  [50, 25_557_032],
])('has as many parameters as torchvision at depth %i: %i', (depth, parameters) => {
  const network = new Network({
    architecture: imagenetResnet,
    options: { depth, width: 64 },
    shape: { channels: 3, height: 224, width: 224 },
    classes: 1000,
    mean: [0.485, 0.456, 0.406],
    std: [0.229, 0.224, 0.225],
  });
  expect(network.layout.total).toBe(parameters);
});
