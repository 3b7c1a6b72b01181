/** `91.3 %`. A no-break space keeps number and sign together. */
export function formatPercent(fraction: number, decimals = 1): string {
  return `${formatPoints(fraction, decimals)}\u00a0%`;
}

/** `91.33` for 0.9133: percent where a column's head or the text around it carries the sign. */
export function formatPoints(fraction: number, decimals = 2): string {
  return (100 * fraction).toFixed(decimals);
}

/** `+1.5`, `−0.9`: by how many points a proportion changes. */
export function formatChange(fraction: number, decimals = 2): string {
  const points = formatPoints(fraction, decimals).replace('-', '−');
  return fraction > 0 ? `+${points}` : points;
}

/** At most `decimals` decimals, no trailing zeros, a true minus sign. */
export function formatNumber(value: number, decimals = 2): string {
  const text = String(Number(value.toFixed(decimals)));
  return text === '-0' ? '0' : text.replace('-', '−');
}

/** Four digits that matter at any size: losses run from 1e-7 to 30. */
export function formatLoss(loss: number): string {
  if (!Number.isFinite(loss)) return loss > 0 ? '∞' : String(loss);
  return loss !== 0 && Math.abs(loss) < 0.001
    ? loss.toExponential(0).replace('-', '−')
    : formatNumber(loss, loss < 1 ? 3 : 2);
}
