import type { IncomingMessage } from 'node:http';

/** Methods that read. */
const METHODS = new Set(['GET', 'HEAD']);

/**
 * Why a request is not answered, as an HTTP status; undefined where it is.
 *
 * A page of another site must not read what is served here: neither by asking across origins (`Origin`,
 * `Sec-Fetch-Site`), nor by a name of its own that it lets lead to this machine (`Host`).
 * @param port that is served
 */
export function refusalOf(
  { method, headers }: Pick<IncomingMessage, 'method' | 'headers'>,
  port: number,
): number | undefined {
  const hosts = ['127.0.0.1', 'localhost'].map((name) => `${name}:${port}`);
  if (!hosts.includes(headers.host ?? '')) return 403;
  const { origin } = headers;
  if (origin !== undefined && !hosts.some((host) => origin === `http://${host}`)) return 403;
  const site = headers['sec-fetch-site'];
  // A link that someone follows from elsewhere may open the page, and nothing but the page.
  const isVisit = headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
  if (site !== undefined && site !== 'same-origin' && site !== 'none' && !isVisit) return 403;
  return METHODS.has(method ?? '') ? undefined : 405;
}
