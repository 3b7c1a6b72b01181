/** The command line of `gimbal` with these arguments, to be pasted into a POSIX shell. */
export function shellCommand(argv: readonly string[]): string {
  return ['gimbal', ...argv].map(quote).join(' ');
}

function quote(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
}
