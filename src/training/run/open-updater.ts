import type { Device, Runtime } from '../../runtime/runtime.ts';
import { DeviceUpdater } from './device-updater.ts';
import type { TrainingState } from './state.ts';
import { StepUpdater } from './step-updater.ts';
import type { Task } from './task.ts';
import type { Updater } from './updater.ts';

/**
 * On the CPU single steps in its own layout; on other devices many updates as one graph.
 * @param onNotice is told where the faster layout cannot be used
 */
export async function openUpdater(
  task: Task,
  state: TrainingState,
  runtime: Runtime,
  device: Device,
  threads: number,
  onNotice: (text: string) => void,
): Promise<Updater> {
  return device === 'cpu'
    ? StepUpdater.open(task, state, runtime, threads, onNotice)
    : new DeviceUpdater(task, state, runtime, device, threads);
}
