/** P(X ≤ k) for X ~ Binomial(n, p), as a sum of terms in logarithms. @param p in (0, 1) */
export function binomialTail(k: number, n: number, p: number): number {
  const odds = Math.log(p) - Math.log1p(-p);
  let term = n * Math.log1p(-p);
  let sum = Math.exp(term);
  for (let i = 1; i <= k; i++) {
    term += odds + Math.log((n - i + 1) / i);
    sum += Math.exp(term);
  }
  return Math.min(1, sum);
}

/**
 * Upper end of the exact one-sided interval by Clopper and Pearson, "The use of confidence or fiducial limits
 * illustrated in the case of the binomial" (Biometrika 1934): the p at which so few successes are as rare as `risk`.
 *
 * @param k successes of n @param risk 1 − confidence, in (0, 1)
 * @returns in (0, 1], rounded up
 */
export function clopperPearsonUpper(k: number, n: number, risk: number): number {
  if (k >= n) return 1;
  let [low, high] = [k / n, 1];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (binomialTail(k, n, middle) > risk) low = middle;
    else high = middle;
  }
  return high;
}
