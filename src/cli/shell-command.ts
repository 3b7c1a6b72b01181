/**
 * The command line of these arguments, to be pasted into a POSIX shell: through npx where this was called through it.
 */
export function shellCommand(argv: readonly string[], environment: NodeJS.ProcessEnv = process.env): string {
  const { npm_lifecycle_event: event, npm_lifecycle_script: script = '' } = environment;
  const throughNpx = event === 'npx' && /^gimbal\b/.test(script);
  return [...(throughNpx ? ['npx'] : []), 'gimbal', ...argv].map(quote).join(' ');
}

function quote(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
}
