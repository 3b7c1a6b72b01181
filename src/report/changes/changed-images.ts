import { html, type Markup } from '../markup.ts';
import type { Example } from '../report-input.ts';
import { exampleCard } from '../sections/examples.ts';
import { formatCount } from '../../notation/numbers.ts';

/** Images that changed under one attack, and the pictures of some. */
export interface ChangedImages {
  /** Indices of all of them. */
  readonly won: readonly number[];
  readonly lost: readonly number[];
  /** Images won, with what fooled before; images lost, with what fools afterwards. */
  readonly shownWon: readonly Example[];
  readonly shownLost: readonly Example[];
}

/** Pictures of images that were won and of those that were lost. */
export function changedImages(
  { won, lost, shownWon, shownLost }: ChangedImages,
  classNames: readonly string[] | undefined,
): Markup {
  const list = (title: string, all: readonly number[], shown: readonly Example[]): Markup | undefined =>
    shown.length === 0
      ? undefined
      : html`
    <h3>${title}: ${formatCount(all.length)} ${all.length === 1 ? 'image' : 'images'}</h3>
    <ul class="examples">${shown.map((example) => exampleCard(example, classNames))}</ul>`;
  return html`${[list('Lost', lost, shownLost), list('Won', won, shownWon)]}`;
}
