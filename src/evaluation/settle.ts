import type { Attack, Finding, Search, Target } from '../attacks/attack.ts';
import type { Answerer, PendingAsk } from './answer.ts';

/**
 * Runs every attack on every target to its end, all side by side: in each round the searches that still go on say what they
 * want tried, and all of it is answered together.
 *
 * @returns for each target, the findings by attack name
 */
export async function settle(targets: readonly Target[], attacks: readonly Attack[], answer: Answerer, signal?: AbortSignal): Promise<ReadonlyMap<string, Finding>[]> {
  const findings = targets.map(() => new Map<string, Finding>());
  let running: { readonly position: number; readonly search: Search; readonly pending: PendingAsk }[] = [];
  const advance = (position: number, attack: string, search: Search, step: ReturnType<Search['next']>): typeof running => {
    if (step.done === true) {
      findings[position].set(attack, step.value);
      return [];
    }
    return [{ position, search, pending: { target: targets[position], attack, ask: step.value } }];
  };
  running = targets.flatMap((target, position) => attacks.flatMap((attack) => {
    const search = attack.search(target);
    return advance(position, attack.name, search, search.next());
  }));
  while (running.length > 0) {
    signal?.throwIfAborted();
    const replies = await answer(running.map(({ pending }) => pending));
    running = running.flatMap(({ position, search, pending }, i) => advance(position, pending.attack, search, search.next(replies[i])));
  }
  return findings;
}
