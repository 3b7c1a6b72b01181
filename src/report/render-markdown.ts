import { visibleText } from '../errors/visible.ts';
import { baselineMarkdown } from './baseline-markdown.ts';
import { describeCertified, describeRadii } from './certificate-words.ts';
import { classRows } from './class-rows.ts';
import { escapeMarkdown } from './escape-markdown.ts';
import { headline, worstAttack } from './headline.ts';
import { formatDay } from './made.ts';
import type { ReportInput } from './report-input.ts';
import { describeAttack, describeInference, describeJudgement } from './words.ts';
import { describeSurvival } from './survival-words.ts';
import { largestOf } from '../statistics/extremes.ts';
import { formatCount, formatDuration, formatPercent } from '../notation/numbers.ts';

/** The table and the command that repeats it, fit for a comment on a pull request. */
export function renderMarkdown(input: ReportInput): string {
  const { result, setting, command } = input;
  // As code a name is read by no one as a mention: pgd-linf@4/255.
  const voted = Object.values(result.attacks).some(({ everyQuery }) => everyQuery !== undefined);
  const rows = Object.entries(result.attacks).map(([name, { accuracy, interval, correct, n, everyQuery }]) => {
    const [low, high] = interval.map((bound) => formatPercent(bound, 2));
    return (
      `| \`${name}\` | ${escapeMarkdown(describeAttack(name, setting))} | **${formatPercent(accuracy, 2)}** | ` +
      `${low} – ${high} | ${formatCount(correct)} of ${formatCount(n)} ` +
      `|${voted ? ` ${everyQuery === undefined ? '' : formatPercent(everyQuery.accuracy, 2)} |` : ''}`
    );
  });
  const { made, exhaustive } = result.evaluations;
  const day = formatDay(input.made?.begun);
  return [
    `### Spatial robustness of ${escapeMarkdown(result.model.name)} on ${escapeMarkdown(result.data.name)}`,
    '',
    escapeMarkdown(
      [headline(input).sentence, ...describeInference(setting), ...(voted ? [describeJudgement(setting)] : [])].join(
        ' ',
      ),
    ),
    '',
    `| attack | tries | accuracy | 95 % interval | images right |${voted ? ' every query right |' : ''}`,
    `|---|---|--:|--:|--:|${voted ? '--:|' : ''}`,
    ...rows,
    '',
    ...survivalLines(input),
    ...certificateLines(input),
    ...baselineMarkdown(input.baseline),
    ...result.warnings.flatMap((warning) => [`> **Warning:** ${escapeMarkdown(warning)}`, '']),
    `${formatCount(result.n)} ` +
      `images${result.skipped > 0 ? ` (${formatCount(result.skipped)} more could not be read)` : ''}, ` +
      `${formatCount(made)} of ${formatCount(exhaustive)} forward passes, ${formatDuration(result.seconds)}, ` +
      `${day === undefined ? '' : `${day}, `}Gimbal ${escapeMarkdown(result.gimbal)}. To repeat:`,
    '',
    fence(command),
    '',
    ...classTable(input),
  ].join('\n');
}

/** Rows that keep a comment on a pull request within what such comments hold. */
const MOST_CLASSES = 100;

/** All classes, folded away. */
function classTable(input: ReportInput): string[] {
  const worst = worstAttack(input);
  if (worst === undefined || (input.classes ?? []).length < 2) return [];
  const rows = classRows(input, worst.name);
  const shown = rows.slice(0, MOST_CLASSES);
  const which =
    shown.length < rows.length
      ? `The ${shown.length} weakest of ${formatCount(rows.length)} classes (all are in result.json)`
      : `All ${rows.length} classes, the weakest first`;
  return [
    `<details><summary>${which}</summary>`,
    '',
    '| class | images | natural | worst case | taken for most often | by, at least |',
    '|---|--:|--:|--:|---|---|',
    ...shown.map(
      ({ name, n, natural, robust, takenFor, share, transformation = '–' }) =>
        `| ${escapeMarkdown(name)} | ${n} | ${formatPercent(natural)} | ${formatPercent(robust)} | ` +
        `${takenFor === undefined ? '–' : `${escapeMarkdown(takenFor)} (${share})`} | ${transformation} |`,
    ),
    '',
    '</details>',
    '',
  ];
}

/** A sentence for each attack that looks for the smallest that fools. */
function survivalLines({ result, tolerances = [] }: ReportInput): string[] {
  return tolerances.flatMap(({ attack, extent }) => {
    const survival = result.tolerance?.[extent];
    return survival === undefined ? [] : [`\`${attack}\`: ${escapeMarkdown(describeSurvival(extent, survival))}`, ''];
  });
}

/** For each certificate how many images have it, and what it means. */
function certificateLines({ result: { certificates = {} } }: ReportInput): string[] {
  return Object.entries(certificates).flatMap(([grade, certified]) => {
    const radii = describeRadii(certified);
    const text =
      `${describeCertified(certified)}${radii === undefined ? '' : `; all hold up to: ${radii}`}. ` +
      `${certified.meaning}`;
    return [`**${escapeMarkdown(grade)}**: ${escapeMarkdown(text)}`, ''];
  });
}

/** A code block whose fence is longer than any run of backticks in it. */
function fence(text: string): string {
  const longest = Math.max(2, largestOf(Array.from(text.matchAll(/`+/g), ([run]) => run.length)));
  const ticks = '`'.repeat(longest + 1);
  return `${ticks}sh\n${visibleText(text)}\n${ticks}`;
}
