import { describe, expect, it } from 'vitest';
import { arraySource } from './array-source.ts';
import { editImage, readEdited, type ColourChange, type ImageEdit } from './edit.ts';

const still: ImageEdit = { mirrored: false, right: 0, down: 0, colours: [] };
const rgb = { channels: 3, height: 1, width: 2 };
/** Two pixels: (0.2, 0.4, 0.6) and (0.9, 0.1, 0.5). */
const pixels = Float32Array.of(0.2, 0.9, 0.4, 0.1, 0.6, 0.5);

const coloured = (...colours: ColourChange[]) => [...editImage(pixels, rgb, { ...still, colours })];
const close = (actual: number[], expected: number[]) => {
  expect(actual.length).toBe(expected.length);
  actual.forEach((value, i) => expect(value).toBeCloseTo(expected[i], 5));
};

describe('editImage', () => {
  it('leaves an image alone where nothing is to be done', () => {
    expect(editImage(pixels, rgb, still)).toBe(pixels);
  });

  it('changes brightness, contrast and saturation as torchvision does, and clips', () => {
    // torchvision.transforms.functional 0.28: adjust_brightness(x, 1.2), adjust_contrast(x, 1.5),
    // adjust_saturation(x, 0.5), and the three one after the other.
    close(coloured({ kind: 'brightness', factor: 1.2 }), [0.24, 1.0, 0.48, 0.12, 0.72, 0.6]);
    close(coloured({ kind: 'contrast', factor: 1.5 }), [0.113078, 1.0, 0.413078, 0.0, 0.713078, 0.563078]);
    close(coloured({ kind: 'saturation', factor: 0.5 }), [0.28149, 0.642355, 0.38149, 0.242355, 0.48149, 0.442355]);
    close(
      coloured(
        { kind: 'brightness', factor: 1.2 },
        { kind: 'contrast', factor: 1.5 },
        { kind: 'saturation', factor: 0.5 },
      ),
      [0.288364, 0.688305, 0.468364, 0.188305, 0.648364, 0.529141],
    );
    expect(pixels[0]).toBe(Math.fround(0.2));
  });

  it('adds light, mirrors and shifts', () => {
    close([...editImage(pixels, rgb, { ...still, light: [0.1, 0, -0.2] })], [0.3, 1, 0.4, 0.1, 0.4, 0.3]);
    close([...editImage(pixels, rgb, { ...still, mirrored: true })], [0.9, 0.2, 0.1, 0.4, 0.5, 0.6]);
    close([...editImage(pixels, rgb, { ...still, mirrored: true, right: 1 })], [0, 0.9, 0, 0.1, 0, 0.5]);
  });

  it('brings a part to the size of the image', () => {
    const ramp = Float32Array.from({ length: 16 }, (_, i) => i / 16);
    const grey = { channels: 1, height: 4, width: 4 };
    const part = { top: 0, left: 1, height: 2, width: 2 };
    // The part is 1 2 / 5 6 sixteenths; enlarged twice with centres at halves, its rows are 1, 1.25, 1.75, 2.
    const row = [1, 1.25, 1.75, 2];
    close(
      [...editImage(ramp, grey, { ...still, part })].map((value) => 16 * value),
      [0, 1, 3, 4].flatMap((down) => row.map((value) => value + down)),
    );
  });
});

it('edits the images of any source, each by its index', async () => {
  const source = arraySource({ images: [pixels, pixels], labels: [0, 1], shape: rgb });
  const images = await readEdited(source, [1, 0], (index) => ({ ...still, light: [index, 0, 0] }));
  expect(images.map(({ index, label }) => [index, label])).toEqual([
    [1, 1],
    [0, 0],
  ]);
  close([images[0].pixels[0], images[1].pixels[0]], [1.2, 0.2]);
});
