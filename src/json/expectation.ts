import type { z } from 'zod';

/** Types by their names in zod. */
const TYPES: ReadonlyMap<string, string> = new Map([
  ['boolean', 'true or false'],
  ['number', 'a number'],
  ['int', 'a whole number'],
  ['string', 'a text'],
  ['array', 'a list'],
  ['object', 'an object'],
  ['record', 'an object'],
  ['null', 'null'],
]);

/**
 * What a schema allows where it refused a value, in plain words: `a whole number`, `a number above 0`, `one of sgd,
 * adamw`. An issue of our own is given as it is.
 */
export function expectationOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return TYPES.get(issue.expected) ?? issue.expected;
    case 'invalid_value':
      return `${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map(String).join(', ')}`;
    case 'too_small':
      if (isCounted(issue)) return `at least ${counted(issue, issue.minimum)}`;
      return issue.inclusive === false ? `a number above ${issue.minimum}` : `a number from ${issue.minimum} up`;
    case 'too_big':
      if (isCounted(issue)) return `at most ${counted(issue, issue.maximum)}`;
      return `a number ${issue.inclusive === false ? 'below' : 'up to'} ${issue.maximum}`;
    default:
      return issue.message.replace(/^Invalid \w+: (expected )?/, '').replace(/\.$/, '');
  }
}

type Bounded = Extract<z.core.$ZodIssue, { code: 'too_small' | 'too_big' }>;

/** Whether a limit is one of characters or entries. */
const isCounted = ({ origin }: Bounded): boolean => ['string', 'array', 'set', 'map', 'file'].includes(origin);

function counted({ origin }: Bounded, limit: number | bigint): string {
  const [one, several] = origin === 'string' ? ['character', 'characters'] : ['entry', 'entries'];
  return `${limit} ${Number(limit) === 1 ? one : several}`;
}
