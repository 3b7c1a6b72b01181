/** 1, x, y, z and their six products. */
const TERMS = 10;

/** Variance of what a quadratic leaves over, where the values have variance 1 and each coefficient a priori too. */
const NOISE = 0.1;

/** A quadratic in three coordinates, of which the values at some points are known. */
export class QuadraticSurface {
  /** Sums of the products of terms, [TERMS, TERMS], lower triangle. */
  readonly #products = new Float64Array(TERMS * TERMS);
  /** Sums of terms times values. */
  readonly #moments = new Float64Array(TERMS);
  readonly #terms = new Float64Array(TERMS);
  #count = 0;
  #sum = 0;
  #squares = 0;

  /** The value at a point is known. */
  add(x: number, y: number, z: number, value: number): void {
    const terms = this.#terms;
    writeTerms(x, y, z, terms);
    for (let i = 0; i < TERMS; i++) {
      this.#moments[i] += terms[i] * value;
      for (let j = 0; j <= i; j++) this.#products[i * TERMS + j] += terms[i] * terms[j];
    }
    this.#count++;
    this.#sum += value;
    this.#squares += value * value;
  }

  /**
   * Bayesian linear regression on the terms (Bishop, Pattern Recognition and Machine Learning, 3.3).
   * @returns what the value at a point may well be: the mean of what is expected there plus one standard deviation, in
   * units in which the known values have mean 0 and deviation 1
   */
  upperBound(): (x: number, y: number, z: number) => number {
    const mean = this.#count === 0 ? 0 : this.#sum / this.#count;
    const deviation = Math.sqrt(Math.max(0, this.#squares / this.#count - mean * mean));
    const factor = cholesky(this.#products);
    // What all values have in common is taken off: the first column holds the sums of the terms.
    const coefficients = this.#moments.map(
      (moment, i) => (moment - mean * this.#products[i * TERMS]) / Math.max(deviation, 1e-9),
    );
    solveLower(factor, coefficients);
    const row = new Float64Array(TERMS);
    return (x, y, z) => {
      writeTerms(x, y, z, row);
      solveLower(factor, row);
      let [expected, variance] = [0, 0];
      for (let i = 0; i < TERMS; i++) {
        expected += row[i] * coefficients[i];
        variance += row[i] * row[i];
      }
      return expected + Math.sqrt(NOISE * variance);
    };
  }
}

function writeTerms(x: number, y: number, z: number, terms: Float64Array): void {
  terms[0] = 1;
  terms[1] = x;
  terms[2] = y;
  terms[3] = z;
  terms[4] = x * x;
  terms[5] = y * y;
  terms[6] = z * z;
  terms[7] = x * y;
  terms[8] = x * z;
  terms[9] = y * z;
}

/** Lower triangle L with L·Lᵀ = `products` + NOISE·1, which is positive definite. */
function cholesky(products: Float64Array): Float64Array {
  const factor = new Float64Array(TERMS * TERMS);
  for (let i = 0; i < TERMS; i++) {
    for (let j = 0; j <= i; j++) {
      let rest = products[i * TERMS + j] + (i === j ? NOISE : 0);
      for (let k = 0; k < j; k++) rest -= factor[i * TERMS + k] * factor[j * TERMS + k];
      factor[i * TERMS + j] = i === j ? Math.sqrt(rest) : rest / factor[j * TERMS + j];
    }
  }
  return factor;
}

/** Solves L·x = b in place. */
function solveLower(factor: Float64Array, b: Float64Array): void {
  for (let i = 0, at = 0; i < TERMS; i++, at += TERMS) {
    let rest = b[i];
    for (let k = 0; k < i; k++) rest -= factor[at + k] * b[k];
    b[i] = rest / factor[at + i];
  }
}
