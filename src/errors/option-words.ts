/** What an option is given: `true` where it is given or not, a list where it may be given again. */
export type OptionValue = string | number | true | readonly string[];

/**
 * How whoever shows messages writes options: the command line `--label-offset 1`, a program `'label-offset': 1`.
 */
export interface OptionWording {
  /**
   * @param name as in configuration files: `label-offset`
   * @param value what to give, or what stands for it: `FILE`
   */
  readonly option: (name: string, value?: OptionValue) => string;
  /** Between options that are given together. */
  readonly between: string;
}

/** As properties of the library's requests. */
export const AS_PROPERTIES: OptionWording = {
  option: (name, value) => {
    const key = /^\w+$/.test(name) ? name : `'${name}'`;
    return value === undefined ? `'${name}'` : `${key}: ${literal(value)}`;
  },
  between: ', ',
};

/** What stands for a value: `FILE`. */
const PLACEHOLDER = /^[A-Z]+([,|=][A-Z]+)*$/;

function literal(value: OptionValue): string {
  if (typeof value === 'object') return `[${value.map(literal).join(', ')}]`;
  return typeof value === 'string' && !PLACEHOLDER.test(value) ? `'${value}'` : String(value);
}

let wording = AS_PROPERTIES;

/**
 * Says how options are written from now on, as a locale is set: an edge that is a program of its own (the command line,
 * the page) calls it once, before all else. Where nobody does, messages are the library's.
 */
export function wordOptions(as: OptionWording): void {
  wording = as;
}

/** An option as it stands in a message, asked when that is made: `Lower ${optionWords('offset')}.` */
export function optionWords(name: string, value?: OptionValue): string {
  return wording.option(name, value);
}

/** Options that are given together. */
export function wordsOfAll(options: Readonly<Record<string, OptionValue>>): string {
  return Object.entries(options)
    .map(([name, value]) => wording.option(name, value))
    .join(wording.between);
}

/** Of a worker, which does not know who shows what it throws: `inOwnWords` puts that into words where it arrives. */
export const MARKED: OptionWording = {
  option: (name, value) => `\uE000${JSON.stringify(value === undefined ? [name] : [name, value])}\uE001`,
  between: ' ',
};

const MARK = /\uE000(\["[a-z-]+"(?:,(?:-?[\d.]+|true|"[^"\\\uE001]*"))?\])\uE001/g;

/** A text whose options are marked, in the words of this thread. */
export function inOwnWords(text: string): string {
  return text.replace(MARK, (_, marked: string) => {
    const [name, value] = JSON.parse(marked) as [string, OptionValue?];
    return optionWords(name, value);
  });
}
