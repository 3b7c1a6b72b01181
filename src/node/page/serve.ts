import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Exhibit, ExhibitFile } from '../../applications/view/exhibit.ts';
import { misuse } from '../../errors/error.ts';
import { optionWords } from '../../errors/option-words.ts';
import type { BuiltPage } from './page-files.ts';
import { refusalOf } from './refuse.ts';

/** Loopback: nothing outside this machine reaches it. */
const HOST = '127.0.0.1';

/**
 * Isolation gives the page shared memory for its threads. Scripts come from here alone; WebAssembly takes its own word.
 */
const HEADERS = {
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self'",
    "img-src 'self' blob: data:",
    "connect-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
};

/** Files under this folder hold a digest of themselves in their names. */
const IMMUTABLE = /^assets\//;

export interface PageServer {
  /** `http://127.0.0.1:4321/` */
  readonly address: string;
  close(): Promise<void>;
}

/** All that the page may fetch: its own files, and those of what it shows, which come before. */
export function pageTable(built: BuiltPage, exhibit: Exhibit): ReadonlyMap<string, ExhibitFile> {
  const catalogue = new TextEncoder().encode(JSON.stringify(exhibit.catalogue));
  return new Map([
    ...[...built.files].filter(([path]) => !path.startsWith('models/')),
    ...exhibit.files,
    ['catalogue.json', { type: 'application/json', read: () => Promise.resolve(catalogue) }] as const,
  ]);
}

/**
 * Serves a page to this machine alone. What is not in the table is not there, whatever path is asked for: no path of
 * the disk is made from an address.
 * @param files by address relative to the page
 * @param port default: a free one
 * @throws misuse `port-in-use`, `port-forbidden`
 */
export async function servePage(files: ReadonlyMap<string, ExhibitFile>, port = 0): Promise<PageServer> {
  let own = port;
  const server = createServer(
    { requestTimeout: 30_000, headersTimeout: 10_000, maxHeaderSize: 8192 },
    (request, response) => {
      const refusal = refusalOf(request, own);
      if (refusal !== undefined) return end(response, refusal);
      const path = pathOf(request.url ?? '');
      const file = path === undefined ? undefined : files.get(path);
      if (file === undefined || path === undefined) return end(response, 404);
      void answer(response, file, IMMUTABLE.test(path), request.method === 'HEAD');
    },
  );
  server.maxConnections = 64;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(refused(error, port)));
    server.listen(port, HOST, resolve);
  });
  own = (server.address() as AddressInfo).port;
  return {
    address: `http://${HOST}:${own}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The address of a request as the table has it; the page itself is at the root. */
function pathOf(url: string): string | undefined {
  const path = url.replace(/\?.*$/, '');
  if (path === '/') return 'index.html';
  return path.startsWith('/') ? path.slice(1) : undefined;
}

async function answer(
  response: ServerResponse,
  file: ExhibitFile,
  isImmutable: boolean,
  isHead: boolean,
): Promise<void> {
  try {
    const bytes = await file.read();
    response.writeHead(200, {
      ...HEADERS,
      'Content-Type': file.type,
      'Content-Length': bytes.length,
      'Cache-Control': isImmutable ? 'max-age=31536000, immutable' : 'no-store',
    });
    response.end(isHead ? undefined : bytes);
  } catch {
    // A file that is gone by now, or an image that cannot be read: the page says so.
    end(response, 500);
  }
}

function end(response: ServerResponse, status: number): void {
  response.writeHead(status, { ...HEADERS, 'Content-Length': 0, ...(status === 405 ? { Allow: 'GET, HEAD' } : {}) });
  response.end();
}

function refused(error: NodeJS.ErrnoException, port: number): Error {
  const codes: Record<string, string> = { EADDRINUSE: 'is used by another program', EACCES: 'may not be used' };
  const problem = codes[error.code ?? ''];
  if (problem === undefined) return error;
  return misuse({
    code: error.code === 'EACCES' ? 'port-forbidden' : 'port-in-use',
    subject: optionWords('port', port),
    problem: `${problem}.`,
    advice: 'Give another one, or leave it out to have a free one taken.',
  });
}
