import type { OptionWording } from '../errors/option-words.ts';

/** An option as the command line has it. */
export const asFlag: OptionWording = (name, value) => `--${name}${value === undefined ? '' : ` ${value}`}`;
