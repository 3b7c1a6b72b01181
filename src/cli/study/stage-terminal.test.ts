import { expect, it } from 'vitest';
import { recordingTerminal } from '../../testing/terminal.ts';
import { stageTerminal } from './stage-terminal.ts';

it('puts the stage before lines of progress, and leaves what only wipes a line alone', () => {
  const terminal = recordingTerminal(true);
  const staged = stageTerminal(terminal, () => ({ number: 2, of: 5, secondsLeft: 70 }));
  staged.rewrite('loss 0.1');
  staged.rewrite('');
  staged.error('\n');
  staged.error('done\n');
  staged.out('result\n');
  expect(terminal.written).toEqual({
    error: '\r[2/5 · 1:10 left in all] loss 0.1\u001b[K' + '\r\u001b[K' + '\n' + '[2/5 · 1:10 left in all] done\n',
    out: 'result\n',
  });
  expect(staged.columns).toBe(80 - '[2/5 · 1:10 left in all] '.length);
});
