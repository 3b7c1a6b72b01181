import type { Terminal } from '../cli/terminal.ts';

/** A terminal that keeps what is written to it. */
export function recordingTerminal(live = false): Terminal & { readonly written: { out: string; error: string } } {
  const written = { out: '', error: '' };
  return {
    written,
    live,
    columns: 80,
    out: (text) => void (written.out += text),
    error: (text) => void (written.error += text),
    endLine: () => void (written.error += '\n'),
    rewrite: (line) => void (written.error += `\r${line}\u001b[K`),
  };
}
