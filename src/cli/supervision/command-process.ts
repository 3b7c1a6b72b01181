import { runHere } from '../run-here.ts';
import { joinSupervisor } from './channel.ts';

// The process that `supervise` starts.
joinSupervisor();
void runHere(process.argv.slice(2));
