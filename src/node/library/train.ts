import { trainOn, type Trained, type TrainRequest } from '../../applications/train/request.ts';
import { nodePlatform } from '../platform.ts';

/**
 * Trains a network by a recipe: what `gimbal train` does, in a program.
 *
 * ```ts
 * const { model } = await train({ recipe: 'mnist/w10-30', data: 'digits/', out: 'runs/digits', set: ['epochs=3'] });
 * ```
 *
 * @throws as `trainOn`
 */
export function train(request: TrainRequest): Promise<Trained> {
  return trainOn(nodePlatform, request);
}
