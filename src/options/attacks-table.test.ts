import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { attacksTable } from './attacks-table.ts';

const DOCUMENT = fileURLToPath(new URL('../../docs/transformations.md', import.meta.url));
const TABLE = /^\| name \| what it tries .*(?:\n\|.*)+/m;

it('has the table of attacks in the documentation as the registry says', async () => {
  const document = readFileSync(DOCUMENT, 'utf8');
  expect(document).toMatch(TABLE);
  await expect(document.replace(TABLE, () => attacksTable())).toMatchFileSnapshot(DOCUMENT);
});
