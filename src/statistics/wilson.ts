/** The 97.5 % quantile of the standard normal distribution. */
const Z = 1.959963984540054;

/**
 * 95 % interval for a proportion by Wilson, "Probable inference, the law of succession, and statistical inference"
 * (JASA 1927): (p + z²/2n ± z √(p(1−p)/n + z²/4n²)) / (1 + z²/n).
 *
 * @param correct number of successes, in [0, n]; may be fractional for a mean over draws
 * @returns [low, high], each in [0, 1]; [0, 1] for n = 0
 */
export function wilsonInterval(correct: number, n: number): [number, number] {
  if (n === 0) return [0, 1];
  const p = correct / n;
  const centre = p + (Z * Z) / (2 * n);
  const half = Z * Math.sqrt((p * (1 - p)) / n + (Z * Z) / (4 * n * n));
  const scale = 1 + (Z * Z) / n;
  return [correct === 0 ? 0 : (centre - half) / scale, correct === n ? 1 : (centre + half) / scale];
}
