import { misuse } from '../../errors/error.ts';

/** What decides a run: settings, data, network, start. */
export type RunIdentity = Readonly<Record<string, unknown>>;

/** @throws misuse `other-run` naming the first difference */
export function refuseOther(saved: RunIdentity, own: RunIdentity): void {
  const [before, now] = [leaves(saved), leaves(own)];
  for (const key of new Set([...before.keys(), ...now.keys()])) {
    if (before.get(key) === now.get(key)) continue;
    throw misuse({
      code: 'other-run',
      subject: 'run folder',
      problem: `it holds another run: ${key} was ${before.get(key) ?? 'not given'} and is now ${now.get(key) ?? 'not given'}.`,
      advice: 'Give another --out, or the same settings.',
    });
  }
}

/** Every value as JSON, by its dotted path. What is undefined counts as not given. */
function leaves(identity: RunIdentity): Map<string, string> {
  const flat = (value: unknown, path: string): [string, string | undefined][] =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.entries(value).flatMap(([key, inner]) => flat(inner, path === '' ? key : `${path}.${key}`))
      : [[path, JSON.stringify(value)]];
  return new Map(flat(identity, '').filter((entry): entry is [string, string] => entry[1] !== undefined));
}
