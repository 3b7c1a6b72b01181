import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gather } from '../../transform/gather.ts';
import { MASKS, PADDINGS } from '../../transform/transformation.ts';
import { createWarp, DEFAULT_WARP } from '../../transform/warp.ts';
import { rotationInputs, type RotationRange } from './rotation-inputs.ts';
import { farApartFirst, planRotations } from './rotation-plan.ts';

const zeros = { angle: 30, padding: 'zeros' as const };
const rows = (sources: Int32Array, width: number): number[][] =>
  Array.from({ length: sources.length / width }, (_, i) => [...sources.subarray(i * width, (i + 1) * width)]);

describe('all rotations of an image of 3 by 3', () => {
  const inputs = rotationInputs({ height: 3, width: 3 }, zeros);

  /*
   * In half pixels the outer points lie at (±2, 0), (0, ±2), (±2, ±2), and borders at ±1, ±3. A corner's coordinate is
   * 2√2 cos(θ ± 45°): it meets 1 at arccos(1/(2√2)) − 45° = 24.295°. An edge's is 2 sinθ: it meets 1 at 30°.
   */
  it('changes at four angles', () => {
    expect(inputs.criticalAngles).toBe(4);
    const ties = Array.from({ length: inputs.length }, (_, i) => i).filter(inputs.isTie);
    const corner = (Math.acos(1 / Math.sqrt(8)) * 180) / Math.PI - 45;
    expect(ties.map(inputs.angle)).toEqual([-30, -corner, corner, 30].map((angle) => expect.closeTo(angle, 10)));
    expect(inputs.length).toBe(2 * 4 + 1);
    expect(inputs.angle(4)).toBeCloseTo(0, 12);
  });

  it('shows itself around 0°, corners of its neighbours behind 24.3°, and at 30° what rounds up', () => {
    expect(rows(inputs.sources(4), 3)).toEqual([
      [0, 1, 2],
      [3, 4, 5],
      [6, 7, 8],
    ]);
    // Counter-clockwise on screen: the upper left pixel shows what lies to its right.
    expect(rows(inputs.sources(6), 3)).toEqual([
      [1, 1, 5],
      [3, 4, 5],
      [3, 7, 7],
    ]);
    // At 24.295° rising coordinates are over the border already, falling ones are still on it and round up: the corner
    // (2, −2) has y = −1 rising, which rounds to the middle row; (−2, 2) has y = 1 falling, which is the lower row yet.
    expect(rows(inputs.sources(5), 3)).toEqual([
      [1, 1, 5],
      [3, 4, 5],
      [6, 7, 8],
    ]);
    expect(rows(inputs.sources(8), 3)).toEqual([
      [1, 2, 5],
      [0, 4, 8],
      [3, 6, 7],
    ]);
  });
});

it('finds as many angles as were counted by hand for 4 by 4', () => {
  // Half pixels ±1, ±3, borders 0, ±2, ±4. (3, 3): 3√2 cos(θ + 45°) = 2 at 16.87°; (3, 1): √10 cos(θ + 18.43°) = 2 at
  // 32.3°, out of range, and its y = √10 sin(θ + 18.43°) meets 2 at 20.80°, (1, 3): x = √10 cos(θ + 71.57°) meets 0 at
  // 18.43°; (3, 3) leaves the image at y = 4: √18 sin(θ + 45°) = 4 at 25.53°. Each with its mirror image: 8.
  const inputs = rotationInputs({ height: 4, width: 4 }, zeros);
  const ties = Array.from({ length: inputs.length }, (_, i) => i).filter(inputs.isTie);
  expect(ties.map((tie) => Number(inputs.angle(tie).toFixed(2)))).toEqual([
    -25.53, -20.8, -18.43, -16.87, 16.87, 18.43, 20.8, 25.53,
  ]);
});

const ranges: fc.Arbitrary<RotationRange & { readonly height: number; readonly width: number }> = fc.record({
  height: fc.integer({ min: 1, max: 9 }),
  width: fc.integer({ min: 1, max: 9 }),
  angle: fc.constantFrom(0, 7, 30, 90, 180),
  shift: fc.record({ tx: fc.integer({ min: -3, max: 3 }), ty: fc.integer({ min: -3, max: 3 }) }),
  padding: fc.constantFrom(...PADDINGS),
  mask: fc.constantFrom(...MASKS),
});

/** Whether floating point knows on which side of every border each coordinate lies. */
function isClear(range: { height: number; width: number } & RotationRange, angle: number): boolean {
  const { height, width, shift: { tx, ty } = { tx: 0, ty: 0 } } = range;
  const [cos, sin] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const [u, v] = [x - tx - (width - 1) / 2, y - ty - (height - 1) / 2];
      for (const place of [cos * u - sin * v + (width - 1) / 2, sin * u + cos * v + (height - 1) / 2])
        if (Math.abs(place + 0.5 - Math.round(place + 0.5)) < 1e-12) return false;
    }
  return true;
}

describe('the inputs of a range', () => {
  it('are what the warp shows, at random angles and right beside the critical ones', () => {
    let [compared, beside] = [0, 0];
    fc.assert(
      fc.property(ranges, fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 30 }), (range, parts) => {
        const shape = { channels: 1, height: range.height, width: range.width };
        const inputs = rotationInputs(shape, range);
        const warp = createWarp(shape, { ...DEFAULT_WARP, ...range, interpolation: 'nearest' });
        const source = Float32Array.from({ length: shape.height * shape.width }, (_, i) => i + 1);
        const [shown, expected] = [new Float32Array(source.length), new Float32Array(source.length)];
        const near = Array.from({ length: Math.min(40, inputs.length) }, (_, i) =>
          inputs.angle(Math.floor((i * inputs.length) / Math.min(40, inputs.length))),
        ).flatMap((angle) => [angle, angle - 1e-9, angle + 1e-9]);
        for (const [i, angle] of [...parts.map((part) => part * range.angle), ...near].entries()) {
          if (Math.abs(angle) > range.angle || !isClear({ ...range, ...shape }, angle)) continue;
          warp.apply(source, { ...range.shift!, angle }, expected);
          gather(inputs.sources(inputs.inputAt(angle)), 1, source, source.length, shown);
          // Value by value: expect takes its time, and there are thousands.
          if (!shown.every((value, pixel) => value === expected[pixel])) expect(shown, `${angle}°`).toEqual(expected);
          compared++;
          if (i >= parts.length) beside++;
        }
      }),
      { numRuns: 60, seed: 1 },
    );
    expect(compared).toBeGreaterThan(2000);
    expect(beside).toBeGreaterThan(1000);
  });

  it('are as many as were counted for the usual sizes, and each differs from the one before', () => {
    // At 28 px a coordinate meets a border from the image's first to its last at 2,600 angles, at 32 px at 3,938. These
    // change what is shown: at the others the pixel lies outside by its other coordinate.
    for (const [side, critical] of [
      [28, 2346],
      [32, 3522],
    ]) {
      const inputs = rotationInputs({ height: side, width: side }, zeros);
      expect([inputs.criticalAngles, inputs.length]).toEqual([critical, 2 * critical + 1]);
      let before: Int32Array | undefined;
      for (let i = 0; i < inputs.length; i += 1) {
        const sources = inputs.sources(i);
        if (before !== undefined) expect(before.some((source, pixel) => source !== sources[pixel])).toBe(true);
        before = sources;
      }
    }
  });

  it('show at a critical angle what whole numbers say, where sine and cosine are fractions', () => {
    let touched = 0;
    for (const [height, width] of [
      [5, 4],
      [6, 6],
      [11, 12],
      [9, 9],
    ])
      for (const [cos, sin, r] of [
        [4, 3, 5],
        [4, -3, 5],
        [12, 5, 13],
        [12, -5, 13],
      ]) {
        const inputs = rotationInputs({ height, width }, { angle: 40, padding: 'zeros' });
        const tie = Array.from({ length: inputs.length }, (_, i) => i).find(
          (i) => inputs.isTie(i) && Math.abs(inputs.angle(i) - (Math.atan2(sin, cos) * 180) / Math.PI) < 1e-9,
        );
        if (tie === undefined) continue;
        touched++;
        const exact = Array.from({ length: height * width }, (_, i) => {
          const [u, v] = [2 * (i % width) - (width - 1), 2 * Math.floor(i / width) - (height - 1)];
          // ⌊x + ½⌋ with x = ((cos u − sin v)/r + width − 1)/2, likewise y: divisions of whole numbers.
          const column = Math.floor((cos * u - sin * v + r * width) / (2 * r));
          const row = Math.floor((sin * u + cos * v + r * height) / (2 * r));
          return column < 0 || row < 0 || column >= width || row >= height ? -1 : row * width + column;
        });
        expect([...inputs.sources(tie)]).toEqual(exact);
      }
    expect(touched).toBeGreaterThan(6);
  });

  it('are refused where no one means to run them all', () => {
    expect(() => rotationInputs({ height: 224, width: 224 }, zeros)).toThrow(
      'several hundred thousand different rotations of up to 30°',
    );
  });
});

describe('the plan', () => {
  it('runs every input once, the image that is not turned first', () => {
    const inputs = rotationInputs({ height: 6, width: 7 }, zeros);
    const order = farApartFirst(inputs);
    expect(order[0]).toBe(inputs.inputAt(0));
    expect(order.slice(1, 3)).toEqual([0, inputs.length - 1]);
    expect(order.toSorted((a, b) => a - b)).toEqual(Array.from({ length: inputs.length }, (_, i) => i));
    expect(farApartFirst(rotationInputs({ height: 1, width: 1 }, zeros))).toEqual([0]);
  });

  it('goes through all shifts by turns', () => {
    const shifts = [
      { tx: 0, ty: 0, angle: 0 },
      { tx: 1, ty: 0, angle: 0 },
    ];
    const inputs = shifts.map((shift) => rotationInputs({ height: 9, width: 9 }, { ...zeros, shift }));
    const plan = planRotations(shifts, inputs);
    expect(plan.length).toBe(inputs[0].length + inputs[1].length);
    expect([0, 64, 128].map((i) => plan.input(i).transformation.tx)).toEqual([0, 1, 0]);
    expect(plan.input(64).transformation).toEqual(shifts[1]);
    expect(plan.input(64).sources).toEqual(inputs[1].sources(inputs[1].inputAt(0)));
    expect(plan.input(64).sources).toBe(plan.input(64).sources);
  });
});
