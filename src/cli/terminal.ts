/** Where a command writes. Results go to `out`, everything else to `error`. */
export interface Terminal {
  out(text: string): void;
  error(text: string): void;
  /** Whether `error` is a terminal, on which a line can be written over. */
  readonly live: boolean;
  /** Width of that terminal in characters. */
  readonly columns: number;
}

/** The process's own streams. A reader that goes away, as `| head` does, ends the output and nothing else. */
export function processTerminal(): Terminal {
  return {
    out: writerTo(process.stdout),
    error: writerTo(process.stderr),
    live: process.stderr.isTTY === true && process.env.TERM !== 'dumb',
    get columns() {
      return process.stderr.columns ?? 80;
    },
  };
}

const closed = new WeakSet<NodeJS.WriteStream>();
const watched = new WeakSet<NodeJS.WriteStream>();

function writerTo(stream: NodeJS.WriteStream): (text: string) => void {
  if (!watched.has(stream)) {
    watched.add(stream);
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') {
        throw error;
      }
      closed.add(stream);
    });
  }
  return (text) => {
    if (!closed.has(stream)) {
      stream.write(text);
    }
  };
}
