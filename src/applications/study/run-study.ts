import { misuse } from '../../errors/error.ts';
import { optionWords } from '../../errors/option-words.ts';
import { adoptModels } from './adopt-models.ts';
import { carryOut } from './carry-out.ts';
import { saveResults } from './save-results.ts';
import type { StudyEvent } from './study-event.ts';
import type { StudyRequest } from './study-request.ts';
import { type StudyState, studyState } from './study-state.ts';
import { claimStudyFolder, writeStudy } from './write-study.ts';

/** A study, and what is to be done for it. */
export interface StudyRun extends Omit<StudyRequest, 'data'> {
  /** Default: the study's own. */
  readonly data?: string;
  /**
   * What is done where something is not there yet. `train`: it is trained and measured. `shipped`: the models that come
   * with the package are measured, and none is trained. `nothing`: what is saved is told.
   */
  readonly work: 'train' | 'shipped' | 'nothing';
  /** Takes a small file for each training and each measured part. `machine`: in words; default: this one */
  readonly save?: { readonly folder: string; readonly machine?: string };
}

/** What came of a study. */
export type StudyOutcome =
  /** The signal stopped it; the same call goes on from there. */
  | { readonly kind: 'stopped' }
  /** Nothing of it was measured, here or for the package. */
  | { readonly kind: 'nothing' }
  /** `path`: of its report. `written`: small files, where they were asked for. */
  | { readonly kind: 'told'; readonly state: StudyState; readonly path: string; readonly written?: number };

/** What hears of a study and may stop it. */
export interface StudyRunHooks {
  readonly signal?: AbortSignal;
  /** `begin`: nothing stands in the way of the work. */
  readonly onEvent?: (event: StudyEvent | { readonly kind: 'begin' }) => void;
}

/**
 * Carries a study out as far as it is asked for, and writes its report.
 * @throws misuse `missing-data`, `nothing-shipped`, and what claiming the folder, training and measuring throw
 */
export async function runStudy(run: StudyRun, { signal, onEvent }: StudyRunHooks = {}): Promise<StudyOutcome> {
  const { platform, study, out, work, save, data = study.data } = run;
  const asked: StudyRequest = { ...run, data };
  await claimStudyFolder(asked);
  const request = work === 'shipped' ? await measuringShipped(asked) : asked;
  if (work !== 'nothing') {
    requireData(run);
    onEvent?.({ kind: 'begin' });
    if (!(await carryOut(request, { signal, onEvent }))) return { kind: 'stopped' };
  }
  const state = await studyState(request, signal);
  if (state === undefined) return { kind: 'nothing' };
  const path = await writeStudy(platform, out, state.report);
  if (save === undefined) return { kind: 'told', state, path };
  const written = await saveResults(request, save.folder, save.machine ?? platform.machine.describe());
  return { kind: 'told', state, path, written };
}

/** @throws misuse `missing-data` */
function requireData({ study: { name, given }, data }: StudyRun): void {
  if (given === undefined || data !== undefined) return;
  throw misuse({
    code: 'missing-data',
    subject: `table ${name}`,
    problem: `its images cannot be downloaded, and ${optionWords('data')} does not say where they are.`,
    advice: `Give ${optionWords('data', 'FOLDER')}: ${given.what}.`,
  });
}

/** @throws misuse `nothing-shipped` */
async function measuringShipped(request: StudyRequest): Promise<StudyRequest> {
  const only = await adoptModels(request);
  if (only.length > 0) return { ...request, only, missingOnly: true };
  const { study, only: asked } = request;
  throw misuse({
    code: 'nothing-shipped',
    subject: asked.length === 0 ? `table ${study.name}` : `row ${asked.join(', ')}`,
    problem: 'no model of it comes with Gimbal.',
    advice: `Leave ${optionWords('shipped')} out to train and measure it.`,
  });
}
