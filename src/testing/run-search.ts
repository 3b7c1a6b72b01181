import type { Ask, Finding, GradientOutcome, Outcome, Probe, Search } from '../attacks/attack.ts';

/**
 * Runs a search by itself, against whatever answers its probes.
 * @returns what it found, and what it asked for, in order
 */
export function runSearch(
  search: Search,
  answer: (probe: Probe) => Outcome | GradientOutcome,
): { readonly finding: Finding; readonly asks: readonly Ask[]; readonly probes: readonly Probe[] } {
  const asks: Ask[] = [];
  let step = search.next();
  while (step.done !== true) {
    asks.push(step.value);
    step = search.next(step.value.probes.map(answer));
  }
  return { finding: step.value, asks, probes: asks.flatMap(({ probes }) => probes) };
}
