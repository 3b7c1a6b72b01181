import { availableParallelism } from 'node:os';
import type { Machine } from '../../ports/machine.ts';
import { settling } from '../settling.ts';
import { GIMBAL_VERSION } from '../version.ts';
import { describeMachine } from './describe-machine.ts';
import { origin } from './origin.ts';

/** The machine and the process that the program runs in. */
export const nodeMachine: Machine = {
  version: GIMBAL_VERSION,
  get environment() {
    return process.env;
  },
  cores: availableParallelism(),
  describe: describeMachine,
  origin,
  settling,
};
