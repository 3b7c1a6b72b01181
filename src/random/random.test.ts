import { describe, expect, it } from 'vitest';
import { philox } from './philox.ts';
import { permutation, randomStream } from './stream.ts';

describe('philox', () => {
  // Known answers of the Random123 distribution (kat_vectors, philox4x32 10).
  it('gives the published known answers', () => {
    const hex = (words: number[]) => words.map((w) => w.toString(16).padStart(8, '0')).join(' ');
    expect(hex(philox([0, 0, 0, 0], [0, 0]))).toBe('6627e8d5 e169c58d bc57ac4c 9b00dbd8');
    expect(hex(philox([0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff], [0xffffffff, 0xffffffff]))).toBe(
      '408f276d 41c83b0e a20bc7c6 6d5451fd',
    );
    expect(hex(philox([0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0]))).toBe(
      'd16cfe09 94fdcceb 5001e420 24126ea1',
    );
  });
});

describe('randomStream', () => {
  it('depends on seed, name and every index', () => {
    const first = randomStream(1, 'draw').uniform4(5, 6, 7)[0];
    expect(randomStream(1, 'draw').uniform4(5, 6, 7)[0]).toBe(first);
    for (const other of [
      randomStream(2, 'draw').uniform4(5, 6, 7),
      randomStream(1 + 2 ** 32, 'draw').uniform4(5, 6, 7),
      randomStream(1, 'vote').uniform4(5, 6, 7),
      randomStream(1, 'draw').uniform4(4, 6, 7),
      randomStream(1, 'draw').uniform4(5, 7, 7),
      randomStream(1, 'draw').uniform4(5, 6, 8),
    ])
      expect(other[0]).not.toBe(first);
  });

  it('has the moments of a uniform and of a normal distribution', () => {
    const stream = randomStream(3, 'moments');
    const n = 20_000;
    let mean = 0;
    let normalMean = 0;
    let normalSquare = 0;
    for (let i = 0; i < n; i++) {
      for (const u of stream.uniform4(i)) mean += u / (4 * n);
      for (const z of stream.normal4(i)) {
        normalMean += z / (4 * n);
        normalSquare += (z * z) / (4 * n);
      }
    }
    expect(Math.abs(mean - 0.5)).toBeLessThan(4 * Math.sqrt(1 / 12 / (4 * n)));
    expect(Math.abs(normalMean)).toBeLessThan(4 / Math.sqrt(4 * n));
    expect(Math.abs(normalSquare - 1)).toBeLessThan(4 * Math.sqrt(2 / (4 * n)));
  });
});

describe('permutation', () => {
  it('holds every position once and differs by index', () => {
    const stream = randomStream(0, 'shuffle');
    const first = permutation(100, stream, 0);
    expect([...first].sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i));
    expect([...permutation(100, stream, 1)]).not.toEqual([...first]);
    expect([...permutation(100, stream, 0)]).toEqual([...first]);
  });
});
