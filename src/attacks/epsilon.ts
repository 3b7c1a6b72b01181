/** The number that a radius spells: `4/255` or `0.0157`; NaN if it is neither. */
export function epsilonValue(text: string): number {
  const match = /^(\d*\.?\d+)(?:\/(\d+))?$/.exec(text);
  return match === null ? NaN : Number(match[1]) / Number(match[2] ?? 1);
}
