import { duration } from '../format.ts';
import type { Terminal } from '../terminal.ts';

/** A terminal that puts before each line of progress how far the whole is: `[2/5 · 3:10 left in all] …`. */
export function stageTerminal(
  terminal: Terminal,
  stage: () => { readonly number: number; readonly of: number; readonly secondsLeft?: number },
): Terminal {
  const prefix = (): string => {
    const { number, of, secondsLeft } = stage();
    return `[${number}/${of}${secondsLeft === undefined ? '' : ` · ${duration(secondsLeft)} left in all`}] `;
  };
  return {
    live: terminal.live,
    get columns() {
      return terminal.columns - prefix().length;
    },
    out: (text) => terminal.out(text),
    // What only ends or wipes a live line is no line of its own.
    error: (text) => terminal.error(text.trim() === '' ? text : `${prefix()}${text}`),
    rewrite: (line) => terminal.rewrite(line === '' ? '' : `${prefix()}${line}`),
  };
}
