import { misuse } from '../../errors/error.ts';
import type { ModelFiles } from '../desk/messages.ts';

/** A model: the address of an ONNX file, its bytes, or its files with the sidecar and the weights beside it. */
export type GivenModel = string | URL | Blob | ArrayBuffer | Uint8Array | ModelFiles;

/** The files of a model. @throws misuse `model-unreadable` */
export async function modelFiles(given: GivenModel): Promise<ModelFiles> {
  if (typeof given === 'string' || given instanceof URL) return fetched(String(given));
  if (given instanceof Uint8Array) return { name: UNNAMED, bytes: given };
  if (given instanceof ArrayBuffer) return { name: UNNAMED, bytes: new Uint8Array(given) };
  if (given instanceof Blob)
    return {
      name: given instanceof File ? given.name : UNNAMED,
      bytes: new Uint8Array(await given.arrayBuffer()),
    };
  return given;
}

const UNNAMED = 'model.onnx';

async function fetched(address: string): Promise<ModelFiles> {
  const answer = await fetch(address).catch((error: unknown) => String(error));
  if (typeof answer !== 'string' && answer.ok)
    return {
      name: new URL(answer.url).pathname.split('/').at(-1) || UNNAMED,
      bytes: new Uint8Array(await answer.arrayBuffer()),
    };
  throw misuse({
    code: 'model-unreadable',
    subject: address,
    problem: `cannot be fetched: ${typeof answer === 'string' ? answer : `the server says ${answer.status}`}.`,
    advice: 'Give the address of an ONNX file that this page may fetch, or the file itself.',
  });
}
