import { topClasses, type Verdict } from '../../evaluation/verdict.ts';
import { formatNumber, formatPercent } from '../../notation/numbers.ts';

interface VerdictProps {
  readonly verdict: Verdict;
  readonly label: number;
  readonly nameOf: (label: number) => string;
}

const SHOWN = 5;

/** Right or wrong, by how much, and the five likeliest classes as bars. */
export function VerdictView({ verdict, label, nameOf }: VerdictProps) {
  const { predicted, probabilities, margin, loss } = verdict;
  const right = predicted === label;
  return (
    <div class="verdict">
      <p class={right ? 'outcome right-one' : 'outcome wrong-one'}>
        <span class="sign" aria-hidden="true">
          {right ? '✓' : '✗'}
        </span>
        <b>{nameOf(predicted)}</b>
        <span class="word">{right ? 'right' : `wrong: it is ${nameOf(label)}`}</span>
      </p>
      <ol class="bars">
        {topClasses(verdict, SHOWN).map((cls) => (
          <li key={cls} class={cls === label ? 'true-class' : undefined}>
            <span class="name">{nameOf(cls)}</span>
            <span class="bar" aria-hidden="true">
              <span style={{ width: `${100 * probabilities[cls]}%` }} />
            </span>
            <span class="number">{formatPercent(probabilities[cls])}</span>
          </li>
        ))}
      </ol>
      <p class="quiet small figures-line">
        margin <b>{formatNumber(margin)}</b> · loss <b>{formatNumber(loss, 3)}</b>
      </p>
    </div>
  );
}
