import type { Attack, Outcome, Target } from '../attacks/attack.ts';
import { passesOf, type Settled } from './settle.ts';
import type { Answerer } from './answer.ts';

/** What counts of a settled search: where a vote was asked afresh, what came of that. */
export interface Judged extends Settled {
  /** No query of the search was answered wrongly. Where nothing was drawn, or nothing chosen, it is left out. */
  readonly everyQuery?: boolean;
}

/**
 * Judges a classifier that draws at random by a query of its own: the adversary chose the transformation, now the draws
 * come on top of it, afresh. Of hundreds of queries that a search makes one may go wrong by an unlucky draw that no
 * later one repeats. Attacks that leave no choice, `natural` and `random`, are judged by the queries that they made.
 *
 * @param answer asks the classifier that draws
 */
export async function judge(
  targets: readonly Target[],
  attacks: readonly Attack[],
  findings: readonly ReadonlyMap<string, Settled>[],
  answer: Answerer,
): Promise<ReadonlyMap<string, Judged>[]> {
  const judged = findings.map((found) => new Map<string, Judged>(found));
  const chosen = targets.flatMap((target, i) =>
    attacks.flatMap(({ name }) => {
      const finding = findings[i].get(name) as Settled;
      return finding.exhaustive === 1 || finding.draws !== undefined
        ? []
        : [{ target, name, finding, place: judged[i] }];
    }),
  );
  if (chosen.length === 0) return judged;
  const replies = await answer(
    chosen.map(
      ({
        target,
        name,
        finding: {
          worst: { transformation, perturbation },
        },
      }) => ({
        target,
        attack: `${name}, judged`,
        ask: { kind: 'classify', probes: [{ candidate: 0, transformation, perturbation }] },
      }),
    ),
  );
  chosen.forEach(({ target, name, finding, place }, i) => {
    const { predicted, loss }: Outcome = replies[i][0];
    place.set(name, {
      ...finding,
      robust: predicted === target.label,
      everyQuery: finding.robust,
      worst: { ...finding.worst, predicted, loss },
      passes: finding.passes + passesOf(replies[i]),
      exhaustive: finding.exhaustive + 1,
    });
  });
  return judged;
}
