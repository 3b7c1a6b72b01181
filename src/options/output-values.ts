import type { z } from 'zod';
import { value } from '../settings/value.ts';

/** A path that ends in `.xml`, as nothing does that is written into a run folder. */
export function xmlPath(): z.ZodType<string> {
  return value('a path that ends in .xml, as junit.xml', (given) =>
    typeof given === 'string' && /[^/\\]\.xml$/i.test(given) ? given : undefined,
  );
}
