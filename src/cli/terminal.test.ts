import { expect, it } from 'vitest';
import { recordingTerminal } from '../testing/terminal.ts';
import { withPrefix } from './terminal.ts';

it('puts a prefix before lines of progress, and leaves what only wipes or ends a line alone', () => {
  const terminal = recordingTerminal(true);
  const prefixed = withPrefix(terminal, () => '[2/5] ');
  prefixed.rewrite('loss 0.1');
  prefixed.rewrite('');
  prefixed.endLine();
  prefixed.error('done\n');
  prefixed.out('result\n');
  expect(terminal.written).toEqual({
    error: '\r[2/5] loss 0.1\u001b[K' + '\r\u001b[K' + '\n' + '[2/5] done\n',
    out: 'result\n',
  });
  expect(prefixed.columns).toBe(80 - '[2/5] '.length);
});
