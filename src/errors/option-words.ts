/**
 * How whoever shows messages writes an option: the command line `--label-offset 1`, a program `'label-offset': 1`.
 * @param name as in configuration files: `label-offset`
 * @param value what to give, or what stands for it: `FILE`
 */
export type OptionWording = (name: string, value?: string | number) => string;

/** As a property of the library's requests. */
export const asProperty: OptionWording = (name, value) => {
  if (value === undefined) return `'${name}'`;
  return `${/^\w+$/.test(name) ? name : `'${name}'`}: ${typeof value === 'number' ? value : `'${value}'`}`;
};

let wording = asProperty;

/**
 * Says how options are written from now on, as a locale is set: an edge that is a program of its own (the command line,
 * the page) calls it once, before all else. Where nobody does, messages are the library's.
 */
export function wordOptions(as: OptionWording): void {
  wording = as;
}

/** An option as it stands in a message, asked when that is made: `Lower ${optionWords('offset')}.` */
export function optionWords(name: string, value?: string | number): string {
  return wording(name, value);
}
