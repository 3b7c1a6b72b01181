import { describe, expect, it } from 'vitest';
import { anglesAt, compareAngles } from './exact-angle.ts';

const DEGREE = Math.PI / 180;

describe('anglesAt', () => {
  it('solves U cosθ − V sinθ = K', () => {
    // 2 cosθ = 1 at ±60°; the point (2, 0) falls there for θ > 0 and rises for θ < 0.
    expect(anglesAt(2, 0, 1).map(({ radians, sign }) => [radians / DEGREE, sign])).toEqual([
      [expect.closeTo(60, 12), 1],
      [expect.closeTo(-60, 12), -1],
    ]);
    // (3, −4) reaches 5 and turns back, at θ = atan2(4, 3).
    const [touch, ...others] = anglesAt(3, -4, 5);
    expect(others).toEqual([]);
    expect(touch.sign).toBe(0);
    expect(touch.radians).toBeCloseTo(Math.atan2(4, 3), 14);
    expect(anglesAt(1, 1, 2)).toEqual([]);
    expect(anglesAt(0, 0, 0)).toEqual([]);
  });
});

describe('compareAngles', () => {
  it('knows that angles of different points are one, rational or not', () => {
    // cosθ = 1/2, sinθ = √3/2 of two points on a line through the centre; −2 sinθ = −1 and 2 sinθ = 1 at 30°.
    expect(compareAngles(anglesAt(2, 0, 1)[0], anglesAt(6, 0, 3)[0])).toBe(0);
    const at30 = (u: number, v: number, k: number) =>
      anglesAt(u, v, k).find(({ radians }) => Math.abs(radians - 30 * DEGREE) < 1e-9)!;
    expect(compareAngles(at30(0, 2, -1), at30(0, -2, 1))).toBe(0);
    expect(compareAngles(at30(0, 2, -1), at30(0, 4, -2))).toBe(0);
    // 3-4-5: sine and cosine are rational, once by D = 0 and once by D = 7² of another point.
    const [touch] = anglesAt(3, -4, 5);
    const turned = anglesAt(1, 7, -5).find(({ radians }) => Math.abs(radians - touch.radians) < 1e-9)!;
    expect(turned.sign).not.toBe(0);
    expect(compareAngles(touch, turned)).toBe(0);
  });

  it('orders what floating point cannot', () => {
    // cosθ₁ = 5,000,000/10,000,001 is less than cosθ₂ = 5,000,001/10,000,003 by 10⁻¹⁴, so that θ₁ > θ₂ > 0.
    const [[falling1, rising1], [falling2, rising2]] = [
      anglesAt(10_000_001, 0, 5_000_000),
      anglesAt(10_000_003, 0, 5_000_001),
    ];
    expect(Math.abs(falling1.radians - falling2.radians)).toBeLessThan(1e-13);
    expect(falling1.radians).toBeGreaterThan(0);
    expect(compareAngles(falling1, falling2)).toBe(1);
    expect(compareAngles(falling2, falling1)).toBe(-1);
    expect(compareAngles(rising1, rising2)).toBe(-1);
    expect(compareAngles(rising1, rising1)).toBe(0);
  });
});
