/*
 * An angle θ at which a turning point of a grid meets the border of a pixel. In half pixels from the centre the point
 * is (U, V), whole numbers; its coordinate is X(θ) = U cosθ − V sinθ, and the borders lie at whole numbers K:
 *
 *   X(θ) = K  ⇔  cosθ = (K U + σ V √D) / R,  sinθ = (−K V + σ U √D) / R,  R = U² + V², D = R − K² ≥ 0, σ = ±1
 *   X′(θ) = −σ √D: falling for σ = 1, rising for σ = −1, for D = 0 at its top (K > 0) or bottom
 *
 * Sine and cosine lie in ℚ(√d), d the squarefree part of D, so that equality of two angles is one of whole numbers.
 */
export interface ExactAngle {
  readonly u: number;
  readonly v: number;
  readonly k: number;
  /** σ; 0 where the point touches the border and turns back. */
  readonly sign: -1 | 0 | 1;
  /** In floating point, in (−π, π], within `ROUNDING`. */
  readonly radians: number;
}

/**
 * Farther apart than this, two angles lie as their `radians` do: sine and cosine have an error of a few units of 2⁻⁵³,
 * as whole numbers below 2⁵³ are divided, and the arc tangent adds less than one in its last place, of at most π.
 */
const ROUNDING = 1e-13;

/** The angles in (−180°, 180°] at which X(θ) = K; none where the point does not reach so far. */
export function anglesAt(u: number, v: number, k: number): ExactAngle[] {
  const r = u * u + v * v;
  const d = r - k * k;
  if (r === 0 || d < 0) return [];
  const signs = d === 0 ? ([0] as const) : ([1, -1] as const);
  return signs.map((sign) => {
    const root = sign * Math.sqrt(d);
    return { u, v, k, sign, radians: Math.atan2((-k * v + u * root) / r, (k * u + v * root) / r) };
  });
}

/** Sine and cosine as (a + b √d) / r in whole numbers, d squarefree; b = 0 where they are rational. */
function inField({ u, v, k, sign }: ExactAngle): {
  readonly cos: readonly [number, number];
  readonly sin: readonly [number, number];
  readonly r: number;
  readonly d: number;
} {
  const r = u * u + v * v;
  const [root, d] = squareParts(r - k * k);
  const [cos, sin] = [sign * v * root, sign * u * root];
  return d === 1
    ? { cos: [k * u + cos, 0], sin: [-k * v + sin, 0], r, d }
    : { cos: [k * u, cos], sin: [-k * v, sin], r, d };
}

const parts = new Map<number, readonly [number, number]>();

/** n = s² · d with d squarefree, as [s, d]; [0, 1] for 0. */
function squareParts(n: number): readonly [number, number] {
  const known = parts.get(n);
  if (known !== undefined) return known;
  let [s, d] = n === 0 ? [0, 1] : [1, n];
  for (let p = 2; p * p <= d; p++)
    while (d % (p * p) === 0) {
      d /= p * p;
      s *= p;
    }
  parts.set(n, [s, d]);
  return [s, d];
}

function areEqual(one: ExactAngle, other: ExactAngle): boolean {
  const [a, b] = [inField(one), inField(other)];
  const same = (x: readonly [number, number], y: readonly [number, number]): boolean =>
    x[0] * b.r === y[0] * a.r && x[1] * b.r === y[1] * a.r;
  // Where both are rational, d is 1.
  return (a.d === b.d || (a.cos[1] === 0 && a.sin[1] === 0)) && same(a.cos, b.cos) && same(a.sin, b.sin);
}

/**
 * Orders two angles exactly: by floating point where that decides, else by whole numbers.
 * @returns negative, 0 or positive, as for sorting
 */
export function compareAngles(one: ExactAngle, other: ExactAngle): number {
  const apart = one.radians - other.radians;
  if (Math.abs(apart) > ROUNDING) return apart;
  return areEqual(one, other) ? 0 : signOfSine(one, other);
}

/** Bits behind the point. */
const BITS = 320n;

/**
 * Sign of sin(θ₁ − θ₂) for two angles that lie near each other and are not equal. R₁ R₂ sin(θ₁ − θ₂) is an algebraic
 * integer of degree at most 4 whose conjugates are at most 4 R₁ R₂, so that it is at least (4 R₁ R₂)⁻³: for images up
 * to 16,384 px a side, where R < 2³⁰, more than 2⁻¹⁸⁷. Square roots to 320 bits decide it.
 */
function signOfSine(one: ExactAngle, other: ExactAngle): number {
  const [a, b] = [scaled(one), scaled(other)];
  const sine = a.sin * b.cos - a.cos * b.sin;
  if (sine === 0n) throw new Error('internal: two angles are neither equal nor apart');
  return sine > 0n ? 1 : -1;
}

/** R cosθ and R sinθ, times 2^BITS. */
function scaled({ u, v, k, sign }: ExactAngle): { readonly cos: bigint; readonly sin: bigint } {
  const [bigU, bigV, bigK] = [BigInt(u), BigInt(v), BigInt(k)];
  const root = BigInt(sign) * squareRoot((bigU * bigU + bigV * bigV - bigK * bigK) << (2n * BITS));
  return { cos: ((bigK * bigU) << BITS) + bigV * root, sin: ((-bigK * bigV) << BITS) + bigU * root };
}

/** ⌊√n⌋ by Newton's method. */
function squareRoot(n: bigint): bigint {
  if (n < 2n) return n;
  let x = 1n << BigInt(Math.ceil(n.toString(2).length / 2));
  for (;;) {
    const next = (x + n / x) >> 1n;
    if (next >= x) return x;
    x = next;
  }
}
