/**
 * Lets work begin while what is under way costs no more than a limit together. Work that costs more than the limit by
 * itself is done alone.
 */
export class Budget {
  readonly #limit: number;
  readonly #waiting: { readonly cost: number; readonly begin: () => void }[] = [];
  #spent = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  async spend<T>(cost: number, work: () => Promise<T>): Promise<T> {
    await new Promise<void>((begin) => {
      this.#waiting.push({ cost, begin });
      this.#admit();
    });
    try {
      return await work();
    } finally {
      this.#spent -= cost;
      this.#admit();
    }
  }

  #admit(): void {
    for (let first = this.#waiting[0]; first !== undefined; first = this.#waiting[0]) {
      if (this.#spent > 0 && this.#spent + first.cost > this.#limit) return;
      this.#waiting.shift();
      this.#spent += first.cost;
      first.begin();
    }
  }
}
