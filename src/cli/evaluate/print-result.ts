import type { AttackFacts } from '../../attacks/attack.ts';
import { join } from 'node:path';
import { visible } from '../../errors/visible.ts';
import type { EvaluationResult } from '../../evaluation/records.ts';
import { worstAttack } from '../../report/headline.ts';
import type { CompletedRun } from '../../applications/evaluate/kept-run.ts';
import type { RunDifference } from '../../evaluation/run-difference.ts';
import { pairNotes } from '../../report/baseline-view.ts';
import type { KeptRun } from '../../applications/evaluate/run.ts';
import { describeCertified, describeRadii } from '../../report/certificate-words.ts';
import { describeSurvival } from '../../report/survival-words.ts';
import { carriedFlags, FEEDING, READING } from './carried-flags.ts';
import { shellCommand } from '../shell-command.ts';
import { changesTable, resultTable } from '../table.ts';
import { formatClock, formatCount, plainPercent } from '../../notation/numbers.ts';

/** The table, what it took, and where the report lies. Warnings are told beside it, on standard error. */
export function printResult(run: KeptRun, { result, beside }: CompletedRun, write: (text: string) => void): void {
  const { folder, options, attacks } = run;
  const {
    evaluations: { made, exhaustive },
    data,
    model,
    n,
    skipped,
    seconds,
  } = result;
  const mirror = options.mirror ? ', mirrored' : '';
  const vote = options.vote === undefined ? '' : `, majority vote over ${options.vote}`;
  const left = skipped === 0 ? '' : ` (${skipped} unreadable left out)`;
  const lines = [
    visible(`${model.name}${mirror}${vote} on ${data.name}, ${formatCount(n)} images${left}`),
    '',
    resultTable(result),
    '',
    ...toleranceLines(attacks, result),
    ...certificateLines(result),
    ...(beside === undefined ? [] : baselineLines(beside.difference)),
    `${formatCount(made)} evaluations in ${formatClock(seconds)} (trying everything: ${formatCount(exhaustive)})`,
    `Report: ${visible(join(folder.directory, 'report.html'))}`,
    ...nextStep(result, run).map(visible),
  ];
  write(`${lines.join('\n')}\n`);
}

/** Points of accuracy from which a fall is worth an answer. */
const WORTH = 0.1;

/** What was found, in a sentence, and what to do next. */
function nextStep(result: EvaluationResult, { options, settings, own }: KeptRun): string[] {
  const natural = result.attacks.natural?.accuracy;
  const worst = worstAttack({ result, setting: { ...settings, own } });
  if (natural === undefined || worst === undefined) return [];
  if (mayBeFedWrongly(result, options))
    return [
      '',
      `Is ${plainPercent(natural, 0)} less than the model is known for? The usual preprocessing is tried by:`,
      `  ${shellCommand(['inspect', options.model, '--data', options.data, ...carriedFlags(options, READING)])}`,
    ];
  const fed = carriedFlags(options, [...FEEDING, ...READING]);
  const fall = natural - worst.summary.accuracy;
  const [before, after] = [natural, worst.summary.accuracy].map((accuracy) => plainPercent(accuracy, 0));
  const stays = `Accuracy ${fall > 0 ? 'falls' : 'goes'} from ${before} to ${after}`;
  if (fall < WORTH || options.vote !== undefined) return ['', `${stays} in the worst case.`];
  return [
    '',
    `${stays} in the worst case. To harden it on images to train with:`,
    `  ${shellCommand(['harden', options.model, '--data', options.data, ...fed, '--out', 'hardened'])}`,
  ];
}

/** Accuracy below which a model of photographs is thought to be fed otherwise than it was trained. */
const IMPLAUSIBLE = 0.75;
const ENOUGH = 20;

/** Nothing was said of preprocessing, and the natural accuracy is less than what is published for most models. */
function mayBeFedWrongly({ attacks, n }: EvaluationResult, options: KeptRun['options']): boolean {
  const said = FEEDING.some((name) => options[name] !== undefined);
  return !said && n >= ENOUGH && attacks.natural.accuracy < IMPLAUSIBLE;
}

/** What is certain of how many images, what it means, and what it took to find out. */
function certificateLines({ certificates = {}, evaluations, n }: EvaluationResult): string[] {
  return Object.entries(certificates).flatMap(([grade, certified]) => {
    const passes = (evaluations.byAttack[certified.attack] / n).toFixed(1);
    const radii = describeRadii(certified);
    return [
      `${grade}: ${describeCertified(certified)}, ${passes} passes an image`,
      ...(radii === undefined ? [] : [`  all hold up to: ${radii}`]),
      `  ${certified.meaning}`,
      '',
    ];
  });
}

/** What images withstand, with what it took to find out. */
function toleranceLines(attacks: readonly AttackFacts[], { tolerance, evaluations, n }: EvaluationResult): string[] {
  return attacks.flatMap(({ name, figure }) => {
    const survival = figure?.kind === 'survival' ? tolerance?.[figure.extent] : undefined;
    if (figure?.kind !== 'survival' || survival === undefined) return [];
    const passes = (evaluations.byAttack[name] / n).toFixed(1);
    return [`${name}: ${describeSurvival(figure.extent, survival)} (${passes} passes an image)`, ''];
  });
}

/** By how much the run differs from its baseline. */
function baselineLines(difference: RunDifference): string[] {
  const { a, attacks } = difference;
  return [
    visible(`Against the baseline ${a.model} in ${a.folder}:`),
    '',
    changesTable(
      ['baseline %', 'now %'],
      Object.entries(attacks).map(([attack, change]) => ({
        attack,
        before: change.accuracyA,
        after: change.accuracyB,
        change,
      })),
    ),
    '',
    ...pairNotes({ difference }).map(visible),
    '',
  ];
}
