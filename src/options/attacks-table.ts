import { ATTACKS } from '../attacks/registry.ts';

/** All attacks as a Markdown table, for the documentation. */
export function attacksTable(): string {
  const rows = ATTACKS.map(
    ({ name, documentation: { tries, rightWhen } }) => `| \`${name}\` | ${tries} | ${rightWhen} |`,
  );
  return ['| name | what it tries on each image | the image counts as right when |', '|---|---|---|', ...rows].join(
    '\n',
  );
}
