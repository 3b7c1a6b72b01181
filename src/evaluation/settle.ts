import type { Finding, Search, Searching, Target } from '../attacks/attack.ts';
import type { Answerer, PendingAsk, Answered } from './answer.ts';

/** The finding of a search that ran to its end, with the forward passes that it took. */
export type Settled = Finding & { readonly passes: number };

/** Is told how far searches are. */
interface Watch {
  /** A search ended. @param exhaustive probes that trying everything takes */
  ended(attack: string, exhaustive: number): void;
  /** A round begins. @param open the searches under way, with the forward passes that each made */
  round(open: readonly { readonly attack: string; readonly passes: number }[]): void;
}

/**
 * Runs every attack on every target to its end, all side by side: in each round the searches that still go on say what
 * they want tried, and all of it is answered together.
 *
 * @returns for each target, the findings by attack name
 */
export async function settle(
  targets: readonly Target[],
  attacks: readonly Searching[],
  answer: Answerer,
  signal?: AbortSignal,
  watch?: Watch,
): Promise<ReadonlyMap<string, Settled>[]> {
  const findings = targets.map(() => new Map<string, Settled>());
  let running: {
    readonly position: number;
    readonly search: Search;
    readonly pending: PendingAsk;
    readonly passes: number;
  }[] = [];
  const advance = (
    position: number,
    attack: string,
    search: Search,
    step: ReturnType<Search['next']>,
    passes: number,
  ): typeof running => {
    if (step.done === true) {
      watch?.ended(attack, step.value.exhaustive);
      findings[position].set(attack, { ...step.value, passes });
      return [];
    }
    return [{ position, search, pending: { target: targets[position], attack, ask: step.value }, passes }];
  };
  running = targets.flatMap((target, position) =>
    attacks.flatMap((attack) => {
      const search = attack.search(target);
      return advance(position, attack.name, search, search.next(), 0);
    }),
  );
  while (running.length > 0) {
    signal?.throwIfAborted();
    watch?.round(running.map(({ pending: { attack }, passes }) => ({ attack, passes })));
    const replies = await answer(running.map(({ pending }) => pending));
    running = running.flatMap(({ position, search, pending, passes }, i) =>
      advance(position, pending.attack, search, search.next(replies[i]), passes + passesOf(replies[i])),
    );
  }
  return findings;
}

/** Forward passes that a reply took. */
export function passesOf(reply: readonly Answered[]): number {
  return reply.reduce((sum, { passes }) => sum + passes, 0);
}
