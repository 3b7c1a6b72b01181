import { isMainThread } from 'node:worker_threads';
import { failure } from '../../errors/error.ts';

/**
 * The one module that loads onnxruntime-node.
 *
 * From 1.30 on it reports to its vendor: with the first session it reads the machine's id, keeps an id and a database
 * in the user's cache, and sends what it gathered. The variable ends that where it is `1` before the first session is
 * made ('0' and '' do not). It is set whatever the user has set: nothing leaves the user's machine.
 *
 * Native code reads the environment of the process, to which only the main thread writes: `process.env` of a worker is
 * a copy.
 */
const VARIABLE = 'ORT_DISABLE_TELEMETRY';
if (isMainThread) process.env[VARIABLE] = '1';

/**
 * To be called before a session is made. @throws failure `telemetry-on` in a worker whose main thread has not switched
 * it off
 */
export function requireSilence(environment: NodeJS.ProcessEnv = process.env): void {
  if (environment[VARIABLE] === '1') return;
  throw failure({
    code: 'telemetry-on',
    subject: 'ONNX Runtime',
    problem: 'would report to its vendor: Gimbal was imported in a worker thread alone, which cannot switch that off.',
    advice:
      `Set process.env.${VARIABLE} = '1' in the main thread before the worker starts, or import Gimbal there ` +
      'first.',
  });
}

export { env, InferenceSession, listSupportedBackends, Tensor } from 'onnxruntime-node';
