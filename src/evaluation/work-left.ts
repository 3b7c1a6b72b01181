/** What one group of images has cost so far, and what it may still cost. */
export interface GroupWork {
  readonly images: number;
  made: number;
  /** For each search under way: its attack and the forward passes that it made. */
  open: readonly { readonly attack: string; readonly passes: number }[];
}

/** Estimates the forward passes that an evaluation has still to make. */
export class WorkLeft {
  readonly #passesAtMost: number;
  /** Most probes of a search, by attack, as searches that ended told. */
  readonly #most = new Map<string, number>();
  readonly #underWay = new Set<GroupWork>();
  #finishedImages = 0;
  #finishedPasses = 0;

  /** @param passesAtMost forward passes that a probe costs at most */
  constructor(passesAtMost: number) {
    this.#passesAtMost = passesAtMost;
  }

  begin(images: number): GroupWork {
    const group: GroupWork = { images, made: 0, open: [] };
    this.#underWay.add(group);
    return group;
  }

  /** A search ended. @param exhaustive probes that trying everything takes */
  ended(attack: string, exhaustive: number): void {
    this.#most.set(attack, Math.max(exhaustive, this.#most.get(attack) ?? 0));
  }

  finish(group: GroupWork): void {
    this.#underWay.delete(group);
    if (group.made === 0) return;
    this.#finishedImages += group.images;
    this.#finishedPasses += group.made;
  }

  /** @param toCome images of which none is under way yet. @returns `undefined` while too little is known */
  remaining(toCome: number): number | undefined {
    let [left, made, images] = [0, this.#finishedPasses, this.#finishedImages];
    for (const group of this.#underWay) {
      for (const { attack, passes } of group.open) {
        const most = this.#most.get(attack);
        if (most === undefined) return undefined;
        left += Math.max(0, most * this.#passesAtMost - passes);
      }
      made += group.made;
      images += group.images;
    }
    if (images === 0 || made === 0) return undefined;
    return left + (toCome * (made + left)) / images;
  }
}
