import { misuse } from '../errors/error.ts';

/**
 * Checks that labels are whole numbers from 0 up, below `classes` where that is given.
 * @param subject what the labels come from, for the message
 * @returns the number of classes: `classes`, else the largest label plus one
 * @throws misuse `label-out-of-range`
 */
export function checkLabels(labels: ArrayLike<number>, subject: string, classes?: number): number {
  let largest = -1;
  for (let position = 0; position < labels.length; position++) {
    const label = labels[position];
    if (!Number.isInteger(label) || label < 0 || (classes !== undefined && label >= classes)) {
      const allowed = classes === undefined ? 'whole numbers from 0 up' : `whole numbers from 0 to ${classes - 1}`;
      throw misuse({
        code: 'label-out-of-range',
        subject,
        problem: `image ${position} has label ${label}; labels are ${allowed}.`,
      });
    }
    if (label > largest) largest = label;
  }
  return classes ?? largest + 1;
}
