import { formatPoints } from '../figures/format.ts';

/** `91.33 %` for 0.9133. */
export function percent(fraction: number, digits: number): string {
  return `${formatPoints(fraction, digits)} %`;
}

/** `8.1`, `3,012`: a number of things per second. */
export function rate(perSecond: number): string {
  return perSecond < 100 ? perSecond.toFixed(1) : Math.round(perSecond).toLocaleString('en-US');
}

/** `0:22`, `1:02:03`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (n: number): string => String(n).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/** `38,400` */
export function count(n: number): string {
  return Math.round(n).toLocaleString('en-US');
}
