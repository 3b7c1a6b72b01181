import { useEffect, useState } from 'preact/hooks';
import { ATTACKS } from '../../attacks/registry.ts';
import { useStore } from '../state/store.ts';
import type { Studio } from '../state/studio.ts';

/** What can look for the worst, by the names that `gimbal evaluate --attacks` takes. */
const OFFERED = ATTACKS.flatMap(({ name, page }) => (page === undefined ? [] : [{ name, words: page.words }]));

/** Starts and stops the search for the worst transformation. */
export function SearchBar({ studio }: { readonly studio: Studio }) {
  const { slots, shown } = useStore(studio);
  const [attack, setAttack] = useState(OFFERED[0].name);
  const [, redraw] = useState(0);
  useEffect(() => {
    const ends = slots.map((slot) => slot.onChange(() => redraw((n) => n + 1)));
    return () => ends.forEach((end) => end());
  }, [slots]);
  const running = slots.some((slot) => slot.state.search?.kind === 'running');
  return (
    <div class="search-bar">
      <label class="field wide-field">
        <span>Search</span>
        <select value={attack} onChange={(event) => setAttack(event.currentTarget.value)}>
          {OFFERED.map(({ name, words }) => (
            <option key={name} value={name}>
              {name}: {words}
            </option>
          ))}
        </select>
      </label>
      {running ? (
        <button type="button" onClick={() => studio.stopSearches()}>
          Stop
        </button>
      ) : (
        <button
          type="button"
          class="strong"
          disabled={shown === undefined}
          onClick={() => void studio.findWorst(attack)}
        >
          Find the worst
        </button>
      )}
    </div>
  );
}
