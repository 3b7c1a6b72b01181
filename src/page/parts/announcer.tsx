import { useEffect, useState } from 'preact/hooks';
import { useStore } from '../state/store.ts';
import type { Studio } from '../state/studio.ts';
import { formatPercent } from '../../notation/numbers.ts';

/** How long a verdict has to stand until it is read out, in milliseconds. */
const REST = 700;

/** Tells screen readers the verdicts, once the picture rests. */
export function Announcer({ studio }: { readonly studio: Studio }) {
  const { slots, transformation, shown } = useStore(studio);
  const [text, setText] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => {
      if (shown === undefined) return;
      setText(
        slots
          .map(({ state: { name, verdict } }) => {
            if (verdict === undefined) return '';
            const { predicted, probabilities } = verdict;
            const outcome = predicted === shown.label ? 'right' : 'wrong';
            const sure = formatPercent(probabilities[predicted], 0);
            return `${name}: ${studio.className(predicted)}, ${outcome}, ${sure}.`;
          })
          .join(' '),
      );
    }, REST);
    return () => clearTimeout(timer);
  }, [slots, transformation, shown]);
  return (
    <div class="hidden" role="status" aria-live="polite">
      {text}
    </div>
  );
}
