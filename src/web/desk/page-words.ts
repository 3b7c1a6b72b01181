import type { OptionWording } from '../../errors/option-words.ts';

/** Options as the page's fields are labelled: by their names. */
export const AS_FIELDS: OptionWording = {
  option: (name, value) => (value === undefined || value === true ? name : `${name}: ${String(value)}`),
  between: '; ',
};
