import { parentPort } from 'node:worker_threads';
import { Tensor } from 'onnxruntime-common';
import { MARKED, wordOptions } from '../../errors/option-words.ts';
import type { ModelFile } from '../../runtime/model-file.ts';
import type { Session } from '../../runtime/runtime.ts';
import { nodeRuntime } from './runtime.ts';
import type { PackedTensor, SessionReply, SessionRequest } from './session-messages.ts';
import { toTransport } from '../../workers/transported-error.ts';

wordOptions(MARKED);

/** The other end of `threadRuntime`: holds its sessions and runs them. */
const port = parentPort!;
const sessions = new Map<number, { readonly session: Session; readonly model: ModelFile }>();

port.on('message', (request: SessionRequest) => {
  void answer(request)
    .catch((error: unknown): SessionReply => ({ id: request.id, error: toTransport(error) }))
    .then((reply) => port.postMessage(reply));
});

async function answer(request: SessionRequest): Promise<SessionReply> {
  const { id } = request;
  switch (request.kind) {
    case 'create': {
      const session = await nodeRuntime.createSession(request.model, request.options);
      // The session reads the file's memory as long as it lives.
      sessions.set(id, { session, model: request.model });
      return { id, inputNames: session.inputNames, outputNames: session.outputNames };
    }
    case 'run': {
      const outputs = await sessions.get(request.session)!.session.run(each(request.feeds, unpack), request.fetches);
      return { id, outputs: each(outputs, ({ type, data, dims }): PackedTensor => ({ type, data, dims })) };
    }
    case 'release':
      await sessions.get(request.session)!.session.release();
      sessions.delete(request.session);
      return { id, released: true };
  }
}

function unpack({ type, data, dims }: PackedTensor): Tensor {
  return new Tensor(type as 'float32', data as Float32Array, dims);
}

function each<A, B>(values: Readonly<Record<string, A>>, change: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]));
}
