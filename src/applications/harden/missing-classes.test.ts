import { expect, it } from 'vitest';
import { missingClasses } from './missing-classes.ts';

const name = 'photos train';

it('tells of how many classes there are no images', () => {
  expect(missingClasses({ labels: [3, 3, 5], classes: 6, name }, 10)).toMatch(
    /^The images of photos train lie in 2 of the model's 10 classes: what it knows of the others may be lost/,
  );
  expect(missingClasses({ classes: 4, name }, 10)).toMatch(/lie in at most 4 of/);
});

it('says nothing where there are images of all, or where the labels are not told beforehand', () => {
  expect(missingClasses({ labels: [1, 0, 1], classes: 2, name }, 2)).toBeUndefined();
  expect(missingClasses({ classes: 2, name }, 2)).toBeUndefined();
});
