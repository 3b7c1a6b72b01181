import { z } from 'zod';
import { GimbalError } from '../errors/error.ts';
import { type AttackFacts, CHANGES, EXTENTS } from './attack.ts';
import { createAttack } from './create-attack.ts';

/** What a run keeps of an attack of a user's own, by which it is known when the run is read again. */
export const keptFactsSchema = z.object({
  name: z.string(),
  changes: z.enum(CHANGES),
  /** In what it measures the smallest that fools, where it looks for that. */
  extent: z.enum(EXTENTS).optional(),
});
/** What a run keeps of an attack of a user's own: what it changes, and in what it measures. */
export type KeptFacts = Readonly<z.output<typeof keptFactsSchema>>;

export function keptFacts({ name, changes, figure }: AttackFacts): KeptFacts {
  return { name, changes, ...(figure?.kind === 'survival' ? { extent: figure.extent } : {}) };
}

/** A box of any size: what is kept depends on the name alone. */
const ANY = { box: { tx: 1, ty: 1, angle: 1 } };

/**
 * The same of any attack of a run by its name.
 * @param own what the run keeps of attacks that do not come with Gimbal
 * @returns undefined for one that does not come with Gimbal, of a run that kept nothing of it
 */
export function factsByName(name: string, own: readonly KeptFacts[] = []): KeptFacts | undefined {
  const kept = own.find((attack) => attack.name === name);
  if (kept !== undefined) return kept;
  try {
    return keptFacts(createAttack(name, ANY));
  } catch (error) {
    if (error instanceof GimbalError) return undefined;
    throw error;
  }
}
