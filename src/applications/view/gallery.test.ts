import { expect, it } from 'vitest';
import type { CataloguePicture } from './catalogue.ts';
import { chooseImages, type GalleryChoice, hardestAttack } from './gallery.ts';

type Tuple = [number, number, number];

const found = (robust: boolean, loss: number, worst: Tuple, predicted = 0) => ({ robust, loss, worst, predicted });

/** `a` withstands, `b` falls at 3°, `c` at 20°, `d` is wrong as it is. */
const IMAGES = [
  { name: 'a', label: 0, attacks: { natural: found(true, 0.1, [0, 0, 0]), grid: found(true, 0.4, [3, 0, 9]) } },
  { name: 'b', label: 1, attacks: { natural: found(true, 0.1, [0, 0, 0], 1), grid: found(false, 2, [0, 0, 3]) } },
  { name: 'c', label: 1, attacks: { natural: found(true, 0.1, [0, 0, 0], 1), grid: found(false, 5, [0, 0, 20]) } },
  { name: 'd', label: 1, attacks: { natural: found(false, 3, [0, 0, 0]), grid: found(false, 3, [0, 0, 0]) } },
];

const names = (choice: Partial<GalleryChoice>): string =>
  chooseImages(
    IMAGES,
    { attack: 'grid', outcome: 'all', order: 'index', ...choice },
    ([, , angle]) => Math.abs(angle) / 30,
  )
    .map(({ name }) => name)
    .join('');

it('begins with the attack that fools the most', () => {
  expect(hardestAttack(IMAGES, ['natural', 'grid', 'random'])).toBe('grid');
  expect(hardestAttack([], ['natural', 'grid'])).toBe('grid');
});

it('filters by class and by what became of an image', () => {
  expect(names({})).toBe('abcd');
  expect(names({ label: 1 })).toBe('bcd');
  expect(names({ outcome: 'fooled' })).toBe('bc');
  expect(names({ outcome: 'withstood' })).toBe('a');
  expect(names({ outcome: 'wrong' })).toBe('d');
});

it('sorts by loss and by how little it takes', () => {
  expect(names({ order: 'loss' })).toBe('cdba');
  expect(names({ order: 'least' })).toBe('dbca');
});

it('takes a breaking point where the attack looked for one', () => {
  const images: Pick<CataloguePicture, 'name' | 'attacks'>[] = [
    { name: 'far', attacks: { tolerance: { ...found(false, 1, [0, 0, 1]), breakingPoint: 9 } } },
    { name: 'none', attacks: { tolerance: { ...found(true, 1, [0, 0, 0]), breakingPoint: null } } },
    { name: 'near', attacks: { tolerance: { ...found(false, 1, [0, 0, 30]), breakingPoint: 2 } } },
    { name: 'unknown', attacks: {} },
  ];
  const sorted = chooseImages(images, { attack: 'tolerance', outcome: 'all', order: 'least' }, () => 0);
  expect(sorted.map(({ name }) => name)).toEqual(['near', 'far', 'none', 'unknown']);
});
