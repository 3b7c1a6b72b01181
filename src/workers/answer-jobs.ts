import { createEngine, createGradientEngine, type GradientEngine } from '../model/engine.ts';
import type { GradientModel } from '../model/gradient-model.ts';
import { fillsUp } from '../model/run-size.ts';
import type { ModelFile } from '../runtime/model-file.ts';
import type { Runtime, Session } from '../runtime/runtime.ts';
import { createWarp } from '../transform/warp.ts';
import { type Message, type WorkerReply, type WorkerSetup, unpackRequest } from './messages.ts';
import { toTransport } from './transported-error.ts';

/** Sends a reply; the memory of these arrays goes with it. */
export type SendReply = (reply: WorkerReply, transferred: readonly Float32Array[]) => void;

/**
 * The worker's end: answers jobs one at a time, in order, as the engines' buffers are used anew by each.
 * @param leave called when the last job is done and the sessions are closed
 * @returns takes a message
 */
export function answerJobs(
  { model, description, preprocessing, shape, warp, batch, fewest, device, threads, isLarge }: WorkerSetup,
  runtime: Pick<Runtime, 'createSession'>,
  send: SendReply,
  leave: () => void,
): (message: Message) => void {
  const parts = { description, preprocessing, warp: createWarp(shape, warp), batch, fewSizes: fillsUp(device) };
  const sessions: Session[] = [];
  async function open(bytes: ModelFile, prepacking = true): Promise<Session> {
    const session = await runtime.createSession(bytes, { device, threads, prepacking });
    sessions.push(session);
    return session;
  }

  const engine = open(model).then((session) => createEngine({ ...parts, session, fewest }));
  engine.catch(() => undefined); // Told by the first job.
  let gradientEngine: Promise<GradientEngine> | undefined;
  function openGradients(gradientModel: GradientModel): Promise<GradientEngine> {
    gradientEngine ??= open(gradientModel.bytes, !isLarge).then((session) =>
      createGradientEngine({ ...parts, session, model: gradientModel }),
    );
    return gradientEngine;
  }

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
          leave();
      }
    } catch (error) {
      send({ id, error: toTransport(error) }, []);
      if (message.kind === 'close') leave();
    }
  }

  let last: Promise<void> = Promise.resolve();
  return (message) => {
    last = last.then(() => answer(message));
  };
}
