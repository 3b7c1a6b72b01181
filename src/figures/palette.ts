import { scale } from '@observablehq/plot';

/**
 * Colours of figures. A page sets the CSS variables (light and dark differ); the fallbacks make a figure
 * readable alone on white. The four hues stay apart under the common kinds of colour blindness
 * (after Okabe and Ito), and no figure tells good from bad by green and red.
 */
export const COLOURS = {
  /** The state of things before any attack. */
  natural: 'var(--gimbal-natural, #6b7280)',
  first: 'var(--gimbal-first, #1f6fb4)',
  second: 'var(--gimbal-second, #c2570c)',
  third: 'var(--gimbal-third, #0f8a6a)',
  fourth: 'var(--gimbal-fourth, #a2559c)',
  grid: 'var(--gimbal-line, #d7dae0)',
  background: 'var(--gimbal-background, #ffffff)',
} as const;

/** Colours for curves in the order in which they are drawn. */
export const SERIES: readonly string[] = [
  COLOURS.first,
  COLOURS.second,
  COLOURS.third,
  COLOURS.fourth,
  COLOURS.natural,
];

/** A sequential colour map (viridis) from `domain` to CSS colours; values outside are clamped. */
export function sequential(domain: readonly [number, number]): (value: number) => string {
  const viridis = scale({ color: { type: 'linear', scheme: 'viridis', domain: [...domain], clamp: true } });
  return (value) => viridis.apply(value);
}

/** A text colour that reads on viridis at `position` in [0, 1] of the map. */
export function textOnSequential(position: number): string {
  return position > 0.6 ? '#111111' : '#ffffff';
}
