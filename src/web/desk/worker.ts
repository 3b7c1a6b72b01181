import '../no-eval.ts';
import { wordOptions } from '../../errors/option-words.ts';
import { toTransport } from '../../workers/transported-error.ts';
import { workerScope } from '../worker-scope.ts';
import { type Answer, createDesk } from './desk.ts';
import type { CallName, DeskReply, DeskRequest } from './messages.ts';
import { AS_FIELDS } from './page-words.ts';

wordOptions(AS_FIELDS);

/** The Web Worker of one model. */
const scope = workerScope<DeskRequest, DeskReply>();
const desk = createDesk();
const running = new Map<number, AbortController>();

scope.onmessage = ({ data: request }) => {
  if ('stop' in request) return running.get(request.stop)?.abort();
  void answer(request.id, desk[request.call] as Answer<CallName>, request.given).then((reply) =>
    scope.postMessage(reply),
  );
};

async function answer(id: number, by: Answer<CallName>, given: Parameters<Answer<CallName>>[0]): Promise<DeskReply> {
  const controller = new AbortController();
  running.set(id, controller);
  try {
    const result = await by(given, (told) => scope.postMessage({ id, told }), controller.signal);
    return { id, result };
  } catch (error) {
    return controller.signal.aborted ? { id, stopped: true } : { id, error: toTransport(error) };
  } finally {
    running.delete(id);
  }
}
