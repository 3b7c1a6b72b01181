import { styleText } from 'node:util';
import { visibleText } from '../errors/visible.ts';
import { FAILED } from './exit-codes.ts';

/**
 * Where a command writes. Results go to `out`, everything else to `error`. Characters that would steer a terminal are
 * shown, not sent.
 */
export interface Terminal {
  out(text: string): void;
  error(text: string): void;
  /** Writes a line over the one that was written so before; an empty one wipes it. For where `live`. */
  rewrite(line: string): void;
  /** Ends that line, so that it stays and what is written next begins on its own. */
  endLine(): void;
  /** Whether `error` is a terminal, on which a line can be written over. */
  readonly live: boolean;
  /** Width of that terminal in characters. */
  readonly columns: number;
}

export interface ProcessTerminal extends Terminal {
  /**
   * Waits until everything is written.
   * @param code what the command ended with
   * @returns the exit code of the process: a failure where results could not be written
   */
  finish(code: number): Promise<number>;
}

/**
 * The process's own streams. A stream that cannot be written, as on a full disk, ends its output and nothing else:
 * results in a folder are worth more. A reader that goes away, as `| head` does, has read what it wanted.
 */
export function processTerminal(): ProcessTerminal {
  const [out, error] = [new Output(process.stdout), new Output(process.stderr)];
  const colours = process.stderr.isTTY === true && process.stderr.hasColors();
  return {
    out: (text) => out.write(visibleText(text)),
    error: (text) => error.write(painted(visibleText(text), colours)),
    rewrite: (line) => error.write(`\r${visibleText(line)}\u001b[K`),
    endLine: () => error.write('\n'),
    live: process.stderr.isTTY === true && process.env.TERM !== 'dumb',
    get columns() {
      return process.stderr.columns ?? 80;
    },
    async finish(code) {
      await out.flush();
      const { fault } = out;
      if (fault !== undefined && fault.code !== 'EPIPE') {
        error.write(
          `gimbal: standard output: could not be written (${fault.code ?? fault.message}). Results in folders ` +
            'are not touched by this.\n',
        );
        code ||= FAILED;
      }
      await error.flush();
      return code;
    },
  };
}

const PAINTS = [
  [/^Warning:/gm, 'yellow'],
  [/^gimbal:/gm, 'red'],
] as const;

/** The words that lines of warning and of error begin with, in colour. `hasColors` knows of NO_COLOR. */
function painted(text: string, colours: boolean): string {
  return colours
    ? PAINTS.reduce((whole, [word, colour]) => whole.replace(word, (found) => styleText(colour, found)), text)
    : text;
}

/** A terminal with something before each line on `error`. */
export function withPrefix(terminal: Terminal, prefix: () => string): Terminal {
  return {
    live: terminal.live,
    get columns() {
      return terminal.columns - prefix().length;
    },
    out: (text) => terminal.out(text),
    error: (text) => terminal.error(`${prefix()}${text}`),
    rewrite: (line) => terminal.rewrite(line === '' ? '' : `${prefix()}${line}`),
    endLine: () => terminal.endLine(),
  };
}

class Output {
  readonly #stream: NodeJS.WriteStream;
  /** The first that went wrong. */
  fault: NodeJS.ErrnoException | undefined;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
    stream.on('error', (error) => (this.fault ??= error));
  }

  write(text: string, done: () => void = () => undefined): void {
    if (this.fault !== undefined) return done();
    try {
      this.#stream.write(text, (error) => {
        if (error) this.fault ??= error;
        done();
      });
    } catch (error) {
      // Files are written at once, and some versions of Node throw what happens then.
      this.fault ??= error as NodeJS.ErrnoException;
      done();
    }
  }

  flush(): Promise<void> {
    return new Promise((resolve) => this.write('', resolve));
  }
}
