import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

const BEGIN = '<!-- written by tools/glyphs/make.js -->';
const END = '<!-- end -->';

/**
 * Replaces what lies between the marks of the card by the file's checksum, the counts and the fonts with their
 * licences.
 */
export function describe(card, { packed, families, classes, pictures }) {
  const text = readFileSync(card, 'utf8');
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END, begin);
  if (begin < 0 || end < 0) throw new Error(`${card.pathname} lacks the marks ${BEGIN} and ${END}.`);
  const tables = [
    checksum(packed),
    counts(families, classes, pictures),
    ...['train', 'test'].map((split) => fonts(split, families[split])),
  ];
  writeFileSync(card, `${text.slice(0, begin)}${BEGIN}\n\n${tables.join('\n\n')}\n\n${text.slice(end)}`);
}

function checksum(packed) {
  return `\`data/glyphs.npz\`: ${packed.length} bytes, SHA-256 \`${createHash('sha256').update(packed).digest('hex')}\``;
}

function counts(families, classes, pictures) {
  const rows = ['train', 'test'].map((split) => {
    const perClass = families[split].length * pictures;
    return `| ${split} | ${families[split].length} | ${perClass} | ${perClass * classes.length} |`;
  });
  return ['| split | families | images of each class | images |', '|---|---|---|---|', ...rows].join('\n');
}

function fonts(split, list) {
  const rows = list.map(
    ({ id, name, category, version, licence, styles }) =>
      `| ${name} | ${category} | ${styles.length} | \`@fontsource/${id}\` ${version} | ${licence.type} | ${attribution(licence)} |`,
  );
  return [
    `### Fonts of ${split}`,
    '',
    '| family | kind | styles | package | licence | attribution in the package |',
    '|---|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

/** What the package states for the first font file; the others repeat it. */
function attribution({ attribution }) {
  return attribution
    .split(/\s+\S+\.ttf:/)[0]
    .replaceAll('|', '/')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
