import type { Landscape } from '../../evaluation/landscape.ts';

/** The mean loss of several images at each point; `correct` is the share of them that is classified right there. */
export function meanLandscape(
  landscapes: readonly Landscape[],
): Pick<Landscape, 'angles' | 'tx'> & { readonly loss: number[]; readonly correct: number[] } {
  const [{ angles, tx }] = landscapes;
  const mean = (key: 'loss' | 'correct'): number[] =>
    Array.from(
      landscapes[0][key],
      (_, point) => landscapes.reduce((sum, landscape) => sum + landscape[key][point], 0) / landscapes.length,
    );
  return { angles, tx, loss: mean('loss'), correct: mean('correct') };
}
