import '../no-eval.ts';
import { wordOptions } from '../../errors/option-words.ts';
import { namingFile } from '../../model/naming-file.ts';
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
/** The name of the model's file, once one is opened. */
let file = 'model';

scope.onmessage = ({ data: request }) => {
  if ('stop' in request) return running.get(request.stop)?.abort();
  if (request.call === 'open') file = request.given.files.name;
  void answer(request.id, desk[request.call] as Answer<CallName>, request.given).then((reply) =>
    scope.postMessage(reply),
  );
};

async function answer(id: number, by: Answer<CallName>, given: Parameters<Answer<CallName>>[0]): Promise<DeskReply> {
  const controller = new AbortController();
  running.set(id, controller);
  try {
    const tell = (told: unknown): void => scope.postMessage({ id, told });
    const result = await namingFile(file, () => by(given, tell, controller.signal));
    return { id, result };
  } catch (error) {
    return controller.signal.aborted ? { id, stopped: true } : { id, error: toTransport(error) };
  } finally {
    running.delete(id);
  }
}
