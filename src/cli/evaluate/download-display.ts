import type { DownloadProgress } from '../../node/data/open.ts';
import { count } from '../format.ts';
import type { Terminal } from '../terminal.ts';

const INTERVAL_MS = 2000;

/** Shows downloads on standard error, a line every two seconds. */
export function downloadDisplay(terminal: Terminal): (progress: DownloadProgress) => void {
  let toldAt = -Infinity;
  return ({ file, received, total }) => {
    const now = performance.now();
    if (now - toldAt < INTERVAL_MS && received !== total) {
      return;
    }
    toldAt = now;
    terminal.error(
      `Downloading ${file}: ${count(received / 1e6)}${total === undefined ? '' : ` of ${count(total / 1e6)}`} MB\n`,
    );
  };
}
