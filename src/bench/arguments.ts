const words = process.argv.slice(2);
const separator = words.indexOf('--');

/** What the command line gives a script before `--`: its own options. */
export const own: string[] = separator < 0 ? words : words.slice(0, separator);
/** What comes after `--`: a command of Gimbal, or its arguments. */
export const after: string[] = separator < 0 ? [] : words.slice(separator + 1);

/** Options with a value each, as a request of the library; undefined where a value is missing. */
export function requestOf(flags: readonly string[]): Record<string, string> | undefined {
  if (flags.length % 2 === 1) return undefined;
  return Object.fromEntries(
    flags.flatMap((flag, i) => (i % 2 === 0 ? [[flag.replace(/^--/, ''), flags[i + 1]]] : [])),
  ) as Record<string, string>;
}
