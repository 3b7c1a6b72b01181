import { toFraction, toNumber } from './to-number.ts';

/*
 * Numbers with a unit, as people give them. One that is most likely meant in another unit is asked about, not obeyed:
 * an attack of radius 8 where 8/255 was meant, or a gate of 0.6 % where 60 % was, would give an answer to another
 * question without a word. The question names a way to write either meaning, and that is never asked about.
 */

/** Asks what was meant by a number, in a sentence or two. */
export class Question {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** A number in the wanted unit, a question where its unit is in doubt, or `undefined` for what is no number. */
export type Quantity = number | Question | undefined;

/** Above 0, in pixels in [0, 1]. In doubt from 1 on, but for a fraction: `8` may be 8/255. */
export function pixelSize(given: unknown): Quantity {
  const value = toFraction(given);
  if (value === undefined || value <= 0) return undefined;
  if (value < 1 || isFraction(given)) return value;
  return new Question(
    `pixels lie in [0, 1], so this is ${value === 1 ? 'their whole range' : 'beyond their whole range'}. ` +
      `Are levels of 255 meant? Write ${short(value)}/255, or ${short(value)}/1 to mean it.`,
  );
}

/** Above 0, as a part of a limit. In doubt above 1, but for a fraction: `5` may be 5 %. */
export function partOfLimit(given: unknown): Quantity {
  const value = toFraction(given);
  if (value === undefined || value <= 0) return undefined;
  if (value <= 1 || isFraction(given)) return value;
  return new Question(
    `1 is the whole limit. Are percent meant? Write ${short(value / 100)}, or ${short(value)}/1 to mean it.`,
  );
}

/** From 0 to 100 percent, with or without the sign. Without it in doubt up to 1: `0.6` may be 60 %. */
export function percentage(given: unknown): Quantity {
  const [, digits, sign] = typeof given === 'string' ? (/^(.*?)\s*(%)?$/.exec(given.trim()) ?? []) : [];
  const value = toNumber(typeof given === 'number' ? given : digits);
  if (value === undefined || value < 0 || value > 100) return undefined;
  if (value === 0 || value > 1 || sign !== undefined) return value;
  return new Question(
    `the number is in percent. Is ${short(100 * value)} % meant? ` +
      `Write ${short(100 * value)}, or ${short(value)}% to mean it.`,
  );
}

/** Degrees from 0 to 180, with or without `deg`. Without it in doubt where it looks like radians: `0.5`, `1.57`. */
export function degrees(given: unknown): Quantity {
  const [, digits, unit] = typeof given === 'string' ? (/^(.*?)\s*(deg|°)?$/.exec(given.trim()) ?? []) : [];
  const value = toNumber(typeof given === 'number' ? given : digits);
  if (value === undefined || value < 0 || value > 180) return undefined;
  const likeRadians = value > 0 && (value < 1 || (value < 3.2 && !Number.isInteger(2 * value)));
  if (!likeRadians || unit !== undefined) return value;
  const meant = short((180 * value) / Math.PI);
  return new Question(
    `the limit is in degrees. Are radians meant? ` +
      `Write ${meant} for ${short(value)} rad, or ${short(value)}deg to mean it.`,
  );
}

/** Pixels from 0 up, with or without `px`. Without it in doubt below 1: `0.1` may be a tenth of the side. */
export function pixels(given: unknown): Quantity {
  const [, digits, unit] = typeof given === 'string' ? (/^(.*?)\s*(px)?$/.exec(given.trim()) ?? []) : [];
  const value = toNumber(typeof given === 'number' ? given : digits);
  if (value === undefined || value < 0) return undefined;
  if (value === 0 || value >= 1 || unit !== undefined) return value;
  return new Question(
    `the limit is in pixels. Is a part of the side meant? ` +
      `Write ${short(100 * value)}% of it, or ${short(value)}px to mean it.`,
  );
}

/** A learning rate above 0. In doubt above 1, but for a fraction. */
export function learningRate(given: unknown): Quantity {
  const value = toFraction(given);
  if (value === undefined || value <= 0) return undefined;
  if (value <= 1 || isFraction(given)) return value;
  return new Question(
    `no network here learns at a rate above 1. Is ${short(value / 100)} meant, or another? ` +
      `Write ${short(value)}/1 to mean it.`,
  );
}

function isFraction(given: unknown): boolean {
  return typeof given === 'string' && given.includes('/');
}

/** At most four digits. */
function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}
