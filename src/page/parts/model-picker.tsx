import { useStore } from '../state/store.ts';
import type { Studio } from '../state/studio.ts';

interface ModelPickerProps {
  readonly studio: Studio;
  /** 0 for the first model, 1 for the one beside it. */
  readonly place: number;
  readonly name: string;
}

const NONE = '';

/** Chooses the model of a card, and for the first one whether another stands beside it. */
export function ModelPicker({ studio, place, name }: ModelPickerProps) {
  const { slots } = useStore(studio);
  const names = studio.modelNames;
  const others = slots.map((slot) => slot.state.name);
  const choose = (chosen: string): void => {
    const next = [...others];
    if (chosen === NONE) next.splice(place, 1);
    else next[place] = chosen;
    // A first model of another kind takes the page for itself.
    void studio.showModels(next[0] === next[1] ? [next[0]] : next);
  };
  return (
    <div class="picker">
      <label>
        <span class="hidden">{place === 0 ? 'Model' : 'Model beside it'}</span>
        <select value={name} onChange={(event) => choose(event.currentTarget.value)}>
          {names.includes(name) ? undefined : <option value={name}>{name}</option>}
          {names.map((other) => (
            <option key={other} value={other}>
              {other}
            </option>
          ))}
        </select>
      </label>
      {slots.length === 2 ? (
        <button type="button" class="plain" aria-label={`Take ${name} off the page`} onClick={() => choose(NONE)}>
          ×
        </button>
      ) : (
        <label>
          <span class="hidden">Set another model beside it</span>
          <select value={NONE} onChange={(event) => void studio.showModels([name, event.currentTarget.value])}>
            <option value={NONE}>beside it …</option>
            {names
              .filter((other) => other !== name)
              .map((other) => (
                <option key={other} value={other}>
                  {other}
                </option>
              ))}
          </select>
        </label>
      )}
    </div>
  );
}
