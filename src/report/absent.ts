import { html } from './markup.ts';
import type { Section } from './section.ts';

/** A section that a report does not have. */
export interface Absent {
  /** What it would show. */
  readonly what: string;
  /** A clause: `no attack with a gradient ran`. */
  readonly why: string;
  /** The command, or the flags, that bring it. Absent where nothing does. */
  readonly how?: string;
}

/** What a report leaves out, why, and how to have it; `undefined` where it has all. */
export function absentSection(absent: readonly Absent[]): Section | undefined {
  if (absent.length === 0) return undefined;
  const lines = absent.map(
    ({ what, why, how }) =>
      html`<li><b>${what}</b>: ${why}.${how === undefined ? undefined : html` <code>${how}</code>`}</li>`,
  );
  const body = html`<ul class="absent">${lines}</ul>`;
  return { id: 'absent', title: 'What is not shown here, and how to have it', short: 'Not shown', body };
}

/** Sections that may be missing, and behind them what is said of those that are. */
export function withAbsent(parts: readonly (readonly [section: Section | undefined, absent: Absent])[]): Section[] {
  const absent = absentSection(parts.flatMap(([section, one]) => (section === undefined ? [one] : [])));
  return [...parts.flatMap(([section]) => section ?? []), ...(absent === undefined ? [] : [absent])];
}

/**
 * A run's command with further flags. Where they change what is measured, it gets a folder of its own, and flags that
 * it had before give way.
 * @param command as the run tells it; flags alone are told where it is not that of `gimbal evaluate`
 */
export function withFlags(command: string, flags: string, { measured = true } = {}): string {
  if (!/^gimbal evaluate /.test(command)) return `gimbal evaluate … ${flags}`;
  const given = Array.from(flags.matchAll(/--[a-z-]+/g), ([flag]) => flag);
  const replaced = [...given, ...(measured ? ['--out'] : []), '--quiet', '--json'];
  const value = String.raw`(?:[ =](?!--)(?:'(?:[^']|'\\'')*'|\S+))?`;
  const kept = replaced.reduce((line, flag) => line.replace(new RegExp(` ${flag}${value}(?=\\s|$)`), ''), command);
  return `${kept} ${flags}`;
}
