import { InvalidArgumentError } from 'commander';

/** Reads a flag's value for commander. */
export function wholeFrom1(given: string): number {
  const number = Number(given);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('It takes whole numbers from 1 up.');
  return number;
}
