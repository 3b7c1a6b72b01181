import { z } from 'zod';
import { useState } from 'preact/hooks';
import { wordsOfAll } from '../../errors/option-words.ts';
import type { FeedingSearch, FoundFeeding } from '../../applications/inspect/find-feeding.ts';
import { feedingOptions } from '../../options/feeding-options.ts';
import { readOptions } from '../../options/read-options.ts';
import type { ModelHints } from '../../model/sidecar.ts';
import type { Slot } from '../state/slot.ts';
import { useStore } from '../state/store.ts';
import type { Studio } from '../state/studio.ts';
import { toldError } from '../state/told-error.ts';

interface FinderProps {
  readonly studio: Studio;
  readonly slot: Slot;
}

type Finding = { readonly search: FeedingSearch } | { readonly problem: string } | 'under way';

const schema = z.object(feedingOptions);

/** Fewer pictures tell one way of feeding from another by chance. */
const FEWEST = 3;

/** Tries the usual ways of feeding a model on the pictures whose class is known: what `gimbal inspect --data` does. */
export function FeedingFinder({ studio, slot }: FinderProps) {
  useStore(studio);
  const [finding, setFinding] = useState<Finding>();
  const count = studio.labelledPictures.length;
  if (count < FEWEST)
    return <p class="quiet">With {FEWEST} pictures whose class is known, the usual ways are tried here.</p>;
  const find = (): void => {
    setFinding('under way');
    studio.findFeeding(slot).then(
      (search) => setFinding({ search }),
      (error: unknown) => setFinding({ problem: toldError(error) }),
    );
  };
  return (
    <div class="finder" role="status">
      <button type="button" onClick={find} disabled={finding === 'under way'}>
        {finding === 'under way' ? 'Trying …' : `Try the usual ways on ${count} pictures`}
      </button>
      {finding === undefined || finding === 'under way' ? undefined : 'problem' in finding ? (
        <p class="message error">{finding.problem}</p>
      ) : (
        <Found search={finding.search} onTake={(hints) => void studio.reopen(slot, { ...slot.hints, ...hints })} />
      )}
    </div>
  );
}

/** What was found, and a button that feeds the model so where the page can. */
function Found({ search, onTake }: { readonly search: FeedingSearch; readonly onTake: (hints: ModelHints) => void }) {
  const { now, found } = search;
  const [best] = found;
  const right = ({ correct, n }: FoundFeeding): string => `${correct} of ${n} pictures right`;
  if (best.correct <= now.correct)
    return (
      <p>
        As it is fed now it gets {right(now)}; none of {found.length} ways does better.
      </p>
    );
  const hints = hintsOf(best);

  return (
    <>
      <p>
        As it is fed now it gets {right(now)}; by <code>{wordsOfAll(best.options) || 'nothing said'}</code>{' '}
        {right(best)}.
      </p>
      {hints === undefined ? undefined : (
        <button type="button" onClick={() => onTake(hints)}>
          Feed it so
        </button>
      )}
    </>
  );
}

/** A way of feeding as hints about a model; undefined where an option is about the pictures. */
function hintsOf({ options }: FoundFeeding): ModelHints | undefined {
  try {
    return readOptions(schema, [{ values: options, describe: (name) => name }]);
  } catch {
    return undefined;
  }
}
