#!/usr/bin/env node
// Makes the small classifiers of samples.json anew, on which a test holds what docs/architectures.md says: node
// tools/architectures/samples.js [PYTHON]
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
for (const { name, exporter, ...entry } of JSON.parse(readFileSync(here('samples.json'), 'utf8'))) {
  const folder = here(`../../src/model/reference/architectures/${name}`);
  execFileSync(process.argv[2] ?? 'python3', [here('export.py'), JSON.stringify(entry), exporter, folder], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}
