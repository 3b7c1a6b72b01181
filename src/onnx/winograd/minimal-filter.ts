/** Matrices of F(m, 3): m outputs of a filter of three taps by m + 2 products instead of 3m. */
export interface MinimalFilter {
  /** m. */
  readonly outputs: number;
  /** m + 2: products, and inputs that they come from. */
  readonly products: number;
  /** Bᵀ [products][products], for the inputs. */
  readonly ofData: readonly (readonly number[])[];
  /** G [products][3], for the taps. */
  readonly ofFilter: readonly (readonly number[])[];
  /** Aᵀ [outputs][products], from the products to the outputs. */
  readonly ofProducts: readonly (readonly number[])[];
}

/** Where the polynomials are evaluated, beside infinity: small whole numbers, so that little is lost to rounding. */
const POINTS = [0, 1, -1, 2, -2];

/** More outputs would save more products, but their matrices' entries grow, and rounding with them. */
const LARGEST_OUTPUTS = POINTS.length - 1;

/**
 * The minimal filter of Winograd by the construction of Toom and Cook (Blahut, "Fast Algorithms for Signal Processing",
 * chapter 5): y = Aᵀ [(G g) ⊙ (Bᵀ d)] with yᵢ = Σₖ d[i + k] g[k].
 *
 *     Aᵀ[i][j] = pⱼⁱ,   G[j][k] = pⱼᵏ / Π_{l≠j} (pⱼ − pₗ),   Bᵀ[j][i] = coefficient of xⁱ in Π_{l≠j} (x − pₗ)
 *
 * and the last row of each for the point at infinity.
 */
export function minimalFilter(outputs: number): MinimalFilter {
  const points = POINTS.slice(0, outputs + 1);
  const products = outputs + 2;
  const others = (j: number) => points.filter((_, l) => l !== j);
  const powers = (point: number, count: number) => Array.from({ length: count }, (_, k) => point ** k);
  const columns = [...points.map((point) => powers(point, outputs)), [...zeros(outputs - 1), 1]];
  return {
    outputs,
    products,
    ofData: [...points.map((_, j) => [...polynomial(others(j)), 0]), polynomial(points)],
    ofFilter: [
      ...points.map((point, j) =>
        powers(point, 3).map((power) => power / others(j).reduce((product, other) => product * (point - other), 1)),
      ),
      [0, 0, 1],
    ],
    ofProducts: Array.from({ length: outputs }, (_, i) => columns.map((column) => column[i])),
  };
}

/**
 * The filter that gives so many outputs along an axis, in tiles side by side, by the fewest products; the smallest of
 * equal ones.
 */
export function fittingFilter(outputs: number): MinimalFilter {
  const products = (m: number) => Math.ceil(outputs / m) * (m + 2);
  let best = 2;
  for (let m = 3; m <= LARGEST_OUTPUTS; m++) if (products(m) < products(best)) best = m;
  return minimalFilter(best);
}

/** Coefficients of Π (x − root), the constant one first. */
function polynomial(roots: readonly number[]): number[] {
  return roots.reduce<number[]>(
    (product, root) => [0, ...product].map((higher, i) => higher - root * (product[i] ?? 0)),
    [1],
  );
}

function zeros(count: number): number[] {
  return new Array<number>(count).fill(0);
}
