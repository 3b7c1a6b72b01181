import type { DownloadProgress } from '../../node/data/open.ts';
import type { Terminal } from '../terminal.ts';
import { formatCount } from '../../notation/numbers.ts';

const INTERVAL_MS = 2000;

const megabytes = (bytes: number): string => formatCount(Math.round(bytes / 1e6));

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
      `Downloading ${file}: ${megabytes(received)}${total === undefined ? '' : ` of ${megabytes(total)}`} MB\n`,
    );
  };
}
