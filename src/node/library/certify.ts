import { certifyOn, type CertifyRequest } from '../../applications/evaluate/certify.ts';
import type { EvaluationResult } from '../../evaluation/records.ts';
import { nodePlatform } from '../platform.ts';

/**
 * Proves for how many images no whole-pixel shift and no angle fools a classifier, and bounds the rest: what
 * `gimbal certify` does, in a program.
 *
 * ```ts
 * const { certificates } = await certify({ model: 'model.onnx', data: 'photos/', grades: 'shifts,bound', limit: 100 });
 * certificates?.shifts?.share; // of the images, in [0, 1]; what it means is in certificates.shifts.meaning
 * ```
 *
 * @throws as `certifyOn`
 */
export function certify(request: CertifyRequest): Promise<EvaluationResult> {
  return certifyOn(nodePlatform, request);
}
