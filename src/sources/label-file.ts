import type { OpenOptions } from '../data/open-options.ts';
import { misuse } from '../errors/error.ts';
import type { DataFiles } from './data-files.ts';
import type { PackedBytes } from './packed-bytes.ts';

/**
 * Opens the file of `--labels`: a NumPy or IDX file, or an archive of NumPy arrays, one of which is named after labels
 * or the only one.
 * @throws misuse `unreadable-file`, `damaged-file`, `missing-labels`
 */
export async function openLabels(
  files: DataFiles,
  { labels, split }: Pick<OpenOptions, 'labels' | 'split'>,
): Promise<PackedBytes> {
  const path = labels!;
  if (!/\.npz$/i.test(path)) return files.packed(path);
  const members = await files.members(path);
  const names = [...members.keys()];
  const usual = [`y_${split}`, `${split}_y`, `${split}_labels`, `labels_${split}`, 'labels', 'y'];
  const found =
    names.length === 1
      ? names[0]
      : usual
          .map((stem) => names.find((name) => name.toLowerCase() === `${stem}.npy`))
          .find((name) => name !== undefined);
  if (found !== undefined) return members.get(found)!();
  throw misuse({
    code: 'missing-labels',
    subject: path,
    problem: `has no array of labels for the ${split} split among ${names.join(', ') || 'its none'}.`,
    advice: `Name it ${usual.slice(0, 3).join(' or ')}.`,
  });
}
