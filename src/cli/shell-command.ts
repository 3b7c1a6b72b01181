import { shellCommand as plainCommand } from '../options/shell-command.ts';

/**
 * The command line of these arguments, to be pasted into a POSIX shell: through npx where this was called through it.
 */
export function shellCommand(argv: readonly string[], environment: NodeJS.ProcessEnv = process.env): string {
  const { npm_lifecycle_event: event, npm_lifecycle_script: script = '' } = environment;
  // npm 11 quotes the command.
  const throughNpx = event === 'npx' && /^(['"]?)gimbal\1(\s|$)/.test(script);
  return `${throughNpx ? 'npx ' : ''}${plainCommand(argv)}`;
}
