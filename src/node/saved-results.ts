import { fileURLToPath } from 'node:url';

/** Saved results of studies that come with the package; the compiled module lies in dist/node. */
export const SAVED_RESULTS = fileURLToPath(new URL('../../results/', import.meta.url));
