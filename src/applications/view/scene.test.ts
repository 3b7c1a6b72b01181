import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fromAddress, rounded, toAddress } from './scene.ts';

it('is read from an address as it was written', () => {
  const address =
    'model=mnist-standard&model=a%20%26%20b.onnx&picture=photos%2F%23%201.png&label=7&tx=1.5&ty=-0.25&angle=-12';
  const scene = fromAddress(`#${address}`);
  expect(scene).toEqual({
    models: ['mnist-standard', 'a & b.onnx'],
    picture: 'photos/# 1.png',
    label: 7,
    transformation: { tx: 1.5, ty: -0.25, angle: -12 },
  });
  expect(toAddress(scene)).toBe(address);
});

it('leaves out what an address tells in no sensible form', () => {
  const nothing = { models: [], picture: undefined, label: undefined, transformation: { tx: 0, ty: 0, angle: 0 } };
  expect(fromAddress('')).toEqual(nothing);
  expect(fromAddress('#tx=Infinity&ty=1e9&angle=181&label=-1&model=&picture=%E0%A4%A')).toEqual(nothing);
  expect(fromAddress('#model=a&model=b&model=c').models).toEqual(['a', 'b']);
});

it('keeps any scene', () => {
  const values = fc.double({ min: -180, max: 180, noNaN: true });
  fc.assert(
    fc.property(
      fc.array(fc.string({ minLength: 1 }), { maxLength: 2 }),
      values,
      values,
      values,
      (models, tx, ty, angle) => {
        const transformation = rounded({ tx, ty, angle });
        expect(fromAddress(toAddress({ models, transformation }))).toMatchObject({ models, transformation });
      },
    ),
  );
});
