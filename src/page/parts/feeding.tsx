import { z } from 'zod';
import { useState } from 'preact/hooks';
import { feedingOptions } from '../../options/feeding-options.ts';
import { readOptions } from '../../options/read-options.ts';
import { SCALES } from '../../model/preprocessing.ts';
import { FeedingFinder } from './feeding-finder.tsx';
import type { Slot } from '../state/slot.ts';
import { useStore } from '../state/store.ts';
import type { Studio } from '../state/studio.ts';

interface FeedingProps {
  readonly studio: Studio;
  readonly slot: Slot;
  /** The file leaves something open, or cannot be fed as it is. */
  readonly isOpen: boolean;
}

const schema = z.object(feedingOptions);

/** Options with a choice of values. */
const CHOICES: Readonly<Record<string, readonly string[]>> = { layout: ['nchw', 'nhwc', 'flat'], scale: SCALES };
/** Options that are typed, with an example. */
const TYPED: Readonly<Record<string, string>> = {
  size: '224, 3x32x32',
  mean: '.485,.456,.406',
  std: '.229,.224,.225',
  'label-offset': '0',
  output: 'name',
};
const TOGGLES = ['bgr', 'per-image-standardization'];

/** What is taken for granted about feeding a model, and a form to say otherwise: the flags of `gimbal evaluate`. */
export function Feeding({ studio, slot, isOpen }: FeedingProps) {
  const { facts } = useStore(slot);
  const [problem, setProblem] = useState<string>();
  const onSubmit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const values: Record<string, unknown> = {};
    for (const [name, given] of form) if (given !== '') values[name] = TOGGLES.includes(name) ? true : given;
    try {
      const hints = readOptions(schema, [{ values, describe: (name) => name }]);
      setProblem(undefined);
      void studio.reopen(slot, hints);
    } catch (error) {
      setProblem((error as Error).message);
    }
  };
  return (
    <details class="feeding small" open={isOpen}>
      <summary>How it is fed</summary>
      {facts === undefined ? undefined : (
        <ul>
          {[...facts.assumptions, ...facts.notes].map((line) => (
            <li key={line}>{line}</li>
          ))}
          {facts.warnings.map((line) => (
            <li key={line} class="warning-line">
              {line}
            </li>
          ))}
        </ul>
      )}
      <form class="fields" onSubmit={onSubmit}>
        {Object.entries(CHOICES).map(([name, values]) => (
          <label key={name} class="field">
            <span>{name}</span>
            <select name={name}>
              <option value="">as found</option>
              {values.map((value) => (
                <option key={value} value={value}>
                  {value}
                </option>
              ))}
            </select>
          </label>
        ))}
        {Object.entries(TYPED).map(([name, example]) => (
          <label key={name} class="field">
            <span>{name}</span>
            <input name={name} placeholder={example} autoComplete="off" />
          </label>
        ))}
        {TOGGLES.map((name) => (
          <label key={name} class="check">
            <input type="checkbox" name={name} /> {name}
          </label>
        ))}
        <button type="submit">Read it anew</button>
      </form>
      {facts === undefined ? undefined : <FeedingFinder studio={studio} slot={slot} />}
      {problem === undefined ? undefined : (
        <p class="message error" role="alert">
          {problem}
        </p>
      )}
    </details>
  );
}
