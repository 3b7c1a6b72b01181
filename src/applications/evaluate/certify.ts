import type { ProgressListener } from '../../evaluation/progress.ts';
import type { EvaluationResult } from '../../evaluation/records.ts';
import { asEvaluation, type CertifyOptions, certifySchema } from '../../options/certify-options.ts';
import { givenOf, optionsOf, type RequestOf } from '../../options/request.ts';
import type { Platform } from '../platform.ts';
import { evaluateByOptions } from './evaluate.ts';

/** The options of `gimbal certify` by the names of their flags; docs/command-options.md explains them. */
export type CertifyRequest = RequestOf<CertifyOptions, 'model' | 'data'> & {
  /** Called after each group of finished images. */
  readonly onProgress?: ProgressListener;
  /** Stops the run; the promise then rejects with an `AbortError`. With `out`, the same call goes on later. */
  readonly signal?: AbortSignal;
};

/**
 * What `gimbal certify` does, on any platform: `certificates` of the result says of how many images what is proved, or
 * bounded with confidence.
 *
 * @throws as `evaluateOn`
 */
export async function certifyOn(platform: Platform, request: CertifyRequest): Promise<EvaluationResult> {
  const { onProgress, signal, ...given } = request;
  const options = asEvaluation(optionsOf(certifySchema, given));
  return evaluateByOptions(platform, options, `certify(${JSON.stringify(givenOf(given))})`, { onProgress, signal });
}
