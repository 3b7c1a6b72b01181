import { endingOf } from './image-names.ts';

/** Why something in a folder of images counts for nothing, in the words of the note: one, and several. */
const REASONS = {
  hidden: ['hidden or system folder', 'hidden or system folders'],
  hiddenImage: ['hidden file named like an image', 'hidden files named like images'],
  noClass: ['folder without images', 'folders without images'],
  beside: ['folder beside those of the splits', 'folders beside those of the splits'],
  loose: ['image that lies in no class folder', 'images that lie in no class folder'],
  format: ['image in a format that is not read', 'images in formats that are not read'],
  link: ['link to what is there already or to nothing', 'links to what is there already or to nothing'],
  special: ['pipe, socket or device', 'pipes, sockets or devices'],
} as const;

export type Reason = keyof typeof REASONS;

/** Most names of folders that a note tells. */
const TOLD = 3;

/** Counts what a folder of images holds besides images, to be told once. */
export class PassedOver {
  readonly #found = new Map<Reason, { count: number; readonly names: string[] }>();
  readonly #endings = new Set<string>();

  /** @param name path within the data set */
  add(reason: Reason, name: string, count = 1): void {
    const found = this.#found.get(reason) ?? { count: 0, names: [] };
    this.#found.set(reason, found);
    found.count += count;
    if (found.names.length < TOLD) found.names.push(name);
    if (reason === 'format') this.#endings.add(endingOf(name));
  }

  count(reason: Reason): number {
    return this.#found.get(reason)?.count ?? 0;
  }

  /** `.bmp, .heic` */
  get endings(): string {
    return [...this.#endings].sort().join(', ');
  }

  /** A sentence for people; none where nothing was passed over. */
  note(): string[] {
    const parts = [...this.#found].map(([reason, { count, names }]) => {
      const kinds = reason === 'format' ? `${this.endings}; ` : '';
      const more = count > names.length ? ', …' : '';
      return `${count} ${REASONS[reason][count === 1 ? 0 : 1]} (${kinds}${names.join(', ')}${more})`;
    });
    return parts.length === 0 ? [] : [`passed over: ${parts.join('; ')}`];
  }
}
