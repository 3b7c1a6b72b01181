import { parentPort, workerData } from 'node:worker_threads';
import { createEngine } from '../../model/engine.ts';
import { createWarp } from '../../transform/warp.ts';
import type { Message, Reply, WorkerSetup } from './messages.ts';
import { unpackRequest } from './messages.ts';
import { nodeRuntime } from './runtime.ts';
import { toTransport } from './transported-error.ts';

const port = parentPort!;
const { model, description, preprocessing, shape, warp, batch, device, threads } = workerData as WorkerSetup;

const session = nodeRuntime.createSession(model, { device, threads });
const engine = session.then((ready) => createEngine({ session: ready, description, preprocessing, warp: createWarp(shape, warp), batch }));
engine.catch(() => undefined);

/** One job at a time, in order: the engine's buffers are used anew by each. */
let last: Promise<void> = Promise.resolve();
port.on('message', (message: Message) => {
  last = last.then(() => answer(message));
});

async function answer(message: Message): Promise<void> {
  const { id } = message;
  try {
    if (message.kind === 'close') {
      await (await session).release();
      port.close();
      return;
    }
    const logits = await (await engine).logits(unpackRequest(message.request));
    send({ id, logits }, [logits.buffer as ArrayBuffer]);
  } catch (error) {
    send({ id, error: toTransport(error) });
    if (message.kind === 'close') port.close();
  }
}

function send(reply: Reply, transfer: ArrayBuffer[] = []): void {
  port.postMessage(reply, transfer);
}
