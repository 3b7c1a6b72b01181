/** A number, also as text; nothing else (no empty text, no hexadecimal, no infinity). */
export function toNumber(given: unknown): number | undefined {
  if (typeof given === 'number') {
    return Number.isFinite(given) ? given : undefined;
  }
  return typeof given === 'string' && /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(given.trim())
    ? Number(given)
    : undefined;
}

/** A number that may be written as a fraction: `8/255`. */
export function toFraction(given: unknown): number | undefined {
  if (typeof given !== 'string') return toNumber(given);
  const parts = given.split('/').map(toNumber);
  const [numerator, denominator = 1] = parts;
  const value = numerator === undefined || parts.includes(undefined) ? NaN : numerator / denominator;
  return parts.length <= 2 && Number.isFinite(value) ? value : undefined;
}
