import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { evaluateSchema } from './evaluate-options.ts';
import { optionsTable } from './options-table.ts';

const DOCUMENT = fileURLToPath(new URL('../../docs/evaluate-options.md', import.meta.url));
const INTRODUCTION = `# Options of \`gimbal evaluate\`

Each may also stand in a JSON file given with \`--config FILE\`, under its name without the dashes
(\`{"attacks": "natural,grid", "rotation": 30, "exhaustive": true}\`); flags override the file. A toggle that the file
sets is taken back by \`--no-NAME\`. This page is written from the schema (\`src/options/evaluate-options.ts\`) by
\`npx vitest run dist/options -u\`.
`;

it('has the page of options in the documentation as the schema says', async () => {
  await expect(`${INTRODUCTION}\n${optionsTable(evaluateSchema)}\n`).toMatchFileSnapshot(DOCUMENT);
});
