import type { FeedingSearch, FoundFeeding } from '../../applications/inspect/find-feeding.ts';
import { optionWords, wordsOfAll } from '../../errors/option-words.ts';
import { visible } from '../../errors/visible.ts';
import type { InspectOptions } from '../../options/inspect-options.ts';
import { shellCommand } from '../shell-command.ts';
import { formatPoints } from '../../notation/numbers.ts';

/** Rows that are shown. */
const SHOWN = 6;

/** What was tried on data, the likeliest first, and the command that follows from it. */
export function describeSearch(
  { data, n, now, found }: FeedingSearch,
  { model, data: source = data }: InspectOptions,
): string {
  const [best] = found;
  const evaluate = `${shellCommand(['evaluate', model, '--data', source])} ${wordsOfAll(best.options)}`.trimEnd();
  const rows = [...found.slice(0, SHOWN).map((one) => row(one)), row(now, '(as it is fed now)')];
  return [
    `Tried on ${n} images of ${visible(data)} in ${found.length} ways, the likeliest first:`,
    '',
    'accuracy %   mean loss   flags',
    '─'.repeat(60),
    ...rows,
    '',
    conclusion(best, now),
    `  ${visible(evaluate)}`,
  ].join('\n');
}

/** A search as programs read it that call the command: ways of feeding are lists of flags. */
export function inFlags({ now, found, ...rest }: FeedingSearch) {
  const way = ({ options, ...of }: FoundFeeding) => ({
    flags: Object.entries(options).map(([name, value]) => optionWords(name, value)),
    ...of,
  });
  return { ...rest, now: way(now), found: found.map(way) };
}

function row({ options, correct, n, loss }: FoundFeeding, name = wordsOfAll(options) || '(none)'): string {
  return `${formatPoints(correct / n).padStart(10)}   ${loss.toFixed(2).padStart(9)}   ${name}`;
}

/** What is wrong is none of these where the best of them is hardly ever right. */
const HOPELESS = 0.15;

function conclusion(best: FoundFeeding, now: FoundFeeding): string {
  if (best.correct < HOPELESS * best.n)
    return (
      'None of them makes it right often: the classes may be in another order than the model’s (--class-names FILE), ' +
      'or the model is not one of these images. The likeliest:'
    );
  if (wordsOfAll(best.options) === wordsOfAll(now.options)) return 'It is fed as it should be:';
  return best.correct === now.correct
    ? 'These are right as often, and surer; more images (--limit) would tell for certain:'
    : 'These win:';
}
