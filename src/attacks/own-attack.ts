import { misuse, GimbalError } from '../errors/error.ts';
import { CHANGES, type Attack } from './attack.ts';
import { parseAttackName } from './attack-name.ts';

/** It is written into file names and given to `--fail-under`. */
const NAME = /^[a-z][a-z0-9.-]{0,62}[a-z0-9]$/;

/**
 * An attack that someone wrote, as whole as those that are here: it says how it is called, what it changes and what it
 * does, so that it is recorded and reported like any other.
 * @throws misuse `attack-incomplete`, `attack-name-taken`
 */
export function requireOwnAttack(given: unknown): Attack {
  const { name, changes, words, needsGradients, search } = (given ?? {}) as Partial<Attack>;
  const problem =
    typeof name !== 'string' || !NAME.test(name)
      ? `has the name ${JSON.stringify(name) ?? 'undefined'}; allowed are small letters, digits, dots and ` +
        'hyphens, as my-attack.'
      : !CHANGES.some((known) => known === changes)
        ? `says of "changes" ${JSON.stringify(changes) ?? 'nothing'}; allowed are ` +
          `${CHANGES.map((known) => `"${known}"`).join(', ')}.`
        : typeof words?.tries !== 'string' || words.tries === ''
          ? 'has no "words.tries", which tells in a report what it does to each image.'
          : typeof needsGradients !== 'boolean'
            ? 'does not say whether it "needsGradients": true or false.'
            : typeof search !== 'function'
              ? 'has no "search".'
              : undefined;
  if (problem !== undefined)
    throw misuse({
      code: 'attack-incomplete',
      subject: typeof name === 'string' ? `attack "${name}"` : 'an attack of your own',
      problem,
      advice: 'An attack is an object of the type Attack: name, changes, words, needsGradients and search.',
    });
  if (isTaken(name as string))
    throw misuse({
      code: 'attack-name-taken',
      subject: `attack "${name}"`,
      problem: 'is the name of one that comes with Gimbal.',
      advice: 'Give yours another name.',
    });
  return given as Attack;
}

function isTaken(name: string): boolean {
  try {
    parseAttackName(name);
    return true;
  } catch (error) {
    if (error instanceof GimbalError) return false;
    throw error;
  }
}
