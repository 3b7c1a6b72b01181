import { expect, it } from 'vitest';
import type { AttackFacts } from '../attacks/attack.ts';
import { groupsAtOnce, imagesPerGroup } from './groups.ts';

const CIFAR = { channels: 3, height: 32, width: 32 };
const IMAGENET = { channels: 3, height: 224, width: 224 };
const PROOF = [{ certificate: { grade: 'rotation', meaning: '' } } as unknown as AttackFacts];

it('has small groups where a run costs as much as its trials, whatever the batch', () => {
  expect(imagesPerGroup(CIFAR, [], undefined, undefined)).toBe(32);
  // 4 MiB of 602,112 bytes each are 6 images, of which 8 are the least.
  expect(imagesPerGroup(IMAGENET, [], undefined, undefined)).toBe(8);
  expect(imagesPerGroup(CIFAR, [], { draws: 10 }, undefined)).toBe(4);
  expect(imagesPerGroup(CIFAR, PROOF, undefined, undefined)).toBe(4);
  expect(groupsAtOnce({ parallelism: 32 })).toBe(17);
});

it('has groups of several batches on a device that fills up its runs, as far as memory goes', () => {
  expect(imagesPerGroup(CIFAR, [], undefined, 256)).toBe(2048);
  expect(imagesPerGroup(CIFAR, [], { draws: 10 }, 256)).toBe(205);
  expect(imagesPerGroup(CIFAR, PROOF, undefined, 256)).toBe(32);
  expect(imagesPerGroup(CIFAR, PROOF, undefined, 1)).toBe(4);
  expect(imagesPerGroup(IMAGENET, [], undefined, 16)).toBe(128);
  // 256 MiB of 602,112 bytes each.
  expect(imagesPerGroup(IMAGENET, [], undefined, 256)).toBe(445);
  expect(groupsAtOnce({ parallelism: 32, filled: 256 })).toBe(3);
  expect(groupsAtOnce({ parallelism: 2, filled: 256 })).toBe(2);
});
