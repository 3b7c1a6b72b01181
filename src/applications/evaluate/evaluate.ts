import type { Attack } from '../../attacks/attack.ts';
import { requireOwnAttack } from '../../attacks/own-attack.ts';
import { misuse } from '../../errors/error.ts';
import { memoryJournal } from '../../evaluation/journal.ts';
import type { ProgressListener } from '../../evaluation/progress.ts';
import type { EvaluationResult } from '../../evaluation/records.ts';
import { type EvaluateOptions, evaluateSchema } from '../../options/evaluate-options.ts';
import { givenOf, optionsOf, type RequestOf } from '../../options/request.ts';
import type { Platform } from '../platform.ts';
import type { EvaluationEvent } from './evaluation-event.ts';
import { completeRun, withKeptRun } from './kept-run.ts';
import { measureRun, withRun } from './run.ts';

/**
 * The options of `gimbal evaluate` by the names of their flags; docs/evaluate-options.md explains them. Those that
 * concern a terminal or CI alone (`json`, `quiet`, `fail-under`, `fail-if-worse`, `junit`) change nothing here;
 * `baseline` is shown in the report of a folder.
 */
export type EvaluateRequest = Omit<RequestOf<EvaluateOptions, 'model' | 'data'>, 'attacks'> & {
  /**
   * Names of attacks, and attacks of your own. Where a run goes on (`out`), one of your own is known by its name: give
   * it another when you change it.
   */
  readonly attacks?: string | readonly (string | Attack)[];
  /** Called after each group of finished images. */
  readonly onProgress?: ProgressListener;
  /** Stops the run; the promise then rejects with an `AbortError`. With `out`, the same call goes on later. */
  readonly signal?: AbortSignal;
};

/**
 * What `gimbal evaluate` does, on any platform. Everything stays in memory unless `out` names a folder; that folder is
 * then the same as the command line's, and the same call goes on where it was stopped.
 *
 * @throws GimbalError of kind `misuse` for options, models or data that are at fault, with a stable `issue.code`;
 *   of kind `failure` where a run could not be carried through
 */
export async function evaluateOn(platform: Platform, request: EvaluateRequest): Promise<EvaluationResult> {
  const { onProgress, signal, ...given } = request;
  const own = ownAttacks(given.attacks);
  const options = optionsOf(evaluateSchema, given);
  return evaluateByOptions(platform, options, callOf(givenOf(given)), { onProgress, signal, own });
}

/** @param command how to repeat it, for people */
export function evaluateByOptions(
  platform: Platform,
  options: EvaluateOptions,
  command: string,
  { onProgress, signal, own }: Pick<EvaluateRequest, 'onProgress' | 'signal'> & { readonly own?: readonly Attack[] },
): Promise<EvaluationResult> {
  const hooks = {
    signal,
    onEvent: (event: EvaluationEvent) => (event.kind === 'progress' ? onProgress?.(event.progress) : undefined),
  };
  return options.out === undefined
    ? withRun(platform, options, { signal, own, goesOn: true }, (run) => measureRun(run, memoryJournal(), hooks))
    : withKeptRun(platform, options, command, { signal, own }, async (run) => {
        const { result } = await completeRun(run, hooks);
        return result;
      });
}

/**
 * The attacks that do not come with Gimbal.
 * @throws misuse `attack-incomplete`, `attack-name-taken`
 */
function ownAttacks(given: EvaluateRequest['attacks']): Attack[] {
  const own = Array.isArray(given) ? given.filter((attack) => typeof attack === 'object').map(requireOwnAttack) : [];
  const twice = own.find(({ name }, i) => own.findIndex((other) => other.name === name) < i);
  if (twice !== undefined)
    throw misuse({
      code: 'attack-name-taken',
      subject: `attack "${twice.name}"`,
      problem: 'is the name of two attacks.',
      advice: 'Give one of them another name.',
    });
  return own;
}

/** How to repeat it: `evaluate({"model":"model.onnx","data":"photos/"})`. An attack is told by its name. */
function callOf(values: Readonly<Record<string, unknown>>): string {
  const { attacks } = values as Pick<EvaluateRequest, 'attacks'>;
  const named = Array.isArray(attacks)
    ? { attacks: attacks.map((attack: string | Attack) => (typeof attack === 'string' ? attack : attack.name)) }
    : {};
  return `evaluate(${JSON.stringify({ ...values, ...named })})`;
}
