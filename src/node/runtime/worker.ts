import { parentPort, workerData } from 'node:worker_threads';
import { createEngine, createGradientEngine, type GradientEngine } from '../../model/engine.ts';
import type { GradientModel } from '../../model/gradient-model.ts';
import type { ModelFile } from '../../runtime/model-file.ts';
import type { Session } from '../../runtime/runtime.ts';
import { createWarp } from '../../transform/warp.ts';
import type { Message, Reply, WorkerSetup } from './messages.ts';
import { unpackRequest } from './messages.ts';
import { nodeRuntime } from './runtime.ts';
import { toTransport } from './transported-error.ts';

const port = parentPort!;
const {
  model,
  description,
  preprocessing,
  shape,
  warp: warpSettings,
  batch,
  fewest,
  device,
  threads,
} = workerData as WorkerSetup;
const parts = { description, preprocessing, warp: createWarp(shape, warpSettings), batch, fewSizes: device !== 'cpu' };

const sessions: Session[] = [];
async function open(bytes: ModelFile): Promise<Session> {
  const session = await nodeRuntime.createSession(bytes, { device, threads });
  sessions.push(session);
  return session;
}

const engine = open(model).then((session) => createEngine({ ...parts, session, fewest }));
engine.catch(() => undefined); // Told by the first job.
let gradientEngine: Promise<GradientEngine> | undefined;
function openGradients(gradientModel: GradientModel): Promise<GradientEngine> {
  gradientEngine ??= open(gradientModel.bytes).then((session) =>
    createGradientEngine({ ...parts, session, model: gradientModel }),
  );
  return gradientEngine;
}

/** One job at a time, in order: the engines' buffers are used anew by each. */
let last: Promise<void> = Promise.resolve();
port.on('message', (message: Message) => {
  last = last.then(() => answer(message));
});

async function answer(message: Message): Promise<void> {
  const { id } = message;
  try {
    switch (message.kind) {
      case 'logits': {
        const logits = await (await engine).logits(unpackRequest(message.request));
        return send({ id, logits }, [logits]);
      }
      case 'gradients': {
        const gradients = await (
          await openGradients(message.model)
        ).gradients(unpackRequest(message.request), message.labels, message.by);
        return send({ id, gradients }, [gradients.logits, ...(gradients.pixels ?? [])]);
      }
      case 'close':
        await Promise.all(sessions.map((session) => session.release()));
        port.close();
    }
  } catch (error) {
    send({ id, error: toTransport(error) }, []);
    if (message.kind === 'close') port.close();
  }
}

function send(reply: Reply, transferred: readonly Float32Array[]): void {
  port.postMessage(
    reply,
    transferred.map(({ buffer }) => buffer as ArrayBuffer),
  );
}
