import type { OptionWording } from '../errors/option-words.ts';

/** Options as the command line has them. */
export const AS_FLAGS: OptionWording = {
  option: (name, value) => {
    const flag = `--${name}`;
    if (value === undefined || value === true) return flag;
    return typeof value === 'object' ? value.map((one) => `${flag} ${one}`).join(' ') : `${flag} ${value}`;
  },
  between: ' ',
};
