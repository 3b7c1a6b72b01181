/** `91.3 %`. A no-break space keeps number and sign together. */
export function formatPercent(fraction: number, decimals = 1): string {
  return `${formatPoints(fraction, decimals)}\u00a0%`;
}

/** `91.3 %` with an ordinary space, for messages and terminals. */
export function plainPercent(fraction: number, decimals = 1): string {
  return `${formatPoints(fraction, decimals)} %`;
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

/** `88.40 – 89.64`: the interval of a proportion, in percent. */
export function formatInterval([low, high]: readonly [number, number]): string {
  return `${formatPoints(low)} – ${formatPoints(high)}`;
}

/** `−3.2 to +3.2`: the interval of a change, in points. */
export function formatChangeInterval([low, high]: readonly [number, number], decimals = 2): string {
  return `${formatChange(low, decimals)} to ${formatChange(high, decimals)}`;
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

/** `1,234,567`; `2,718.3` where it is a mean. */
export function formatCount(count: number): string {
  return count.toLocaleString('en-US', { maximumFractionDigits: 1 });
}

/** `8.1`, `3,012`: a number of things per second. */
export function formatRate(perSecond: number): string {
  return perSecond < 100 ? perSecond.toFixed(1) : formatCount(Math.round(perSecond));
}

/** `42 s`, `3 min 20 s`, `2 h 5 min`. */
export function formatDuration(seconds: number): string {
  const text = (): string => {
    if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
    const whole = Math.round(seconds);
    if (whole < 60) return `${whole} s`;
    if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
    return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
  };
  return text().replaceAll(' ', '\u00a0');
}

/** `0:22`, `1:02:03`: a time that counts on. */
export function formatClock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (n: number): string => String(n).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}
