import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import opentype from 'opentype.js';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), 'node_modules', '@fontsource');

/** Licences under which pictures of the letters may go with the package. */
const LICENCES = ['OFL-1.1', 'Apache-2.0'];

/** Below this weight a stroke of a glyph 15 pixels high fades into the background. */
const LIGHTEST = 300;

/**
 * A font family with all its styles of weight 300 and above, upright and italic, in a fixed order.
 *
 * @param {string} id  name of the package after `@fontsource/`
 */
export function loadFamily(id) {
  const metadata = JSON.parse(readFileSync(join(ROOT, id, 'metadata.json'), 'utf8'));
  const { version } = JSON.parse(readFileSync(join(ROOT, id, 'package.json'), 'utf8'));
  if (!LICENCES.includes(metadata.license.type)) {
    throw new Error(
      `@fontsource/${id} is under ${metadata.license.type || 'no stated licence'}: take it off families.json.`,
    );
  }
  const styles = [];
  for (const slant of [...metadata.styles].sort().reverse()) {
    for (const weight of metadata.weights.filter((weight) => weight >= LIGHTEST)) {
      const file = join(ROOT, id, 'files', `${id}-latin-${weight}-${slant}.woff`);
      // Some families have an italic for a part of their weights only.
      if (!existsSync(file)) continue;
      const bytes = readFileSync(file);
      const font = opentype.parse(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
      styles.push({ name: `${weight} ${slant}`, weight, slant, font });
    }
  }
  return { id, name: metadata.family, category: metadata.category, version, licence: metadata.license, styles };
}

/** The glyph of a character; a font that lacks it is an error, as the set would be out of balance. */
export function glyphOf(family, style, character) {
  const glyph = style.font.charToGlyph(character);
  if (glyph.index === 0 || glyph.getPath(0, 0, 1000).commands.length === 0) {
    throw new Error(`@fontsource/${family.id} ${style.name} has no glyph for ${character}: take it off families.json.`);
  }
  return glyph;
}
