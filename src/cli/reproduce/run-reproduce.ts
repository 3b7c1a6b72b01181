import { misuse } from '../../errors/error.ts';
import { didYouMean } from '../../errors/nearest.ts';
import { cifar10Study } from '../../studies/cifar10.ts';
import { mnistStudy } from '../../studies/mnist.ts';
import { carryOut } from '../study/carry-out.ts';
import { gatherStudy } from '../study/gather.ts';
import { studyTable } from '../study/print-study.ts';
import type { StudyRequest } from '../study/study-request.ts';
import { writeStudy } from '../study/write-study.ts';
import { INTERRUPTED } from '../interrupt.ts';
import type { Terminal } from '../terminal.ts';
import type { ReproduceFlags } from './command.ts';

const STUDIES = [mnistStudy, cifar10Study];

/**
 * @returns exit code
 * @throws misuse `unknown-table`, `unknown-row`, `nothing-saved`
 */
export async function runReproduce(name: string, flags: ReproduceFlags & { readonly out: string }, command: string, terminal: Terminal, signal: AbortSignal): Promise<number> {
  const study = chosen(name, 'table', STUDIES);
  flags.only.forEach((row) => chosen(row, 'row', study.classifiers));
  const { data = study.data, exclude, out, only, limit, set: changes, threads, quiet } = flags;
  const request: StudyRequest = { study, data, exclude, out, only, limit, changes, threads, quiet, command };
  if (!flags.saved && !(await carryOut(request, terminal, signal))) {
    terminal.error(`Stopped. Everything so far is kept in ${out}; the same command goes on from there.\n`);
    return INTERRUPTED;
  }
  const gathered = await gatherStudy(request, signal);
  if (gathered === undefined) {
    throw misuse({ code: 'nothing-saved', subject: out, problem: 'holds no finished run of this table.', advice: 'Leave --saved out to train and measure.' });
  }
  const path = await writeStudy(out, gathered.report);
  const missing = gathered.missing.length === 0 ? '' : `Not measured yet: ${gathered.missing.map(({ title }) => title).join(', ')}\n`;
  terminal.out(`${studyTable(gathered.report)}\n${missing}Report: ${path}\n`);
  return 0;
}

function chosen<T extends { readonly name: string }>(name: string, what: string, among: readonly T[]): T {
  const found = among.find((candidate) => candidate.name === name);
  if (found !== undefined) return found;
  const names = among.map((candidate) => candidate.name);
  throw misuse({ code: `unknown-${what}`, subject: `${what} ${name}`, problem: `there is none of that name; there are ${names.join(', ')}.${didYouMean(name, names)}` });
}
