import { misuse } from '../errors/error.ts';
import type { StringStringEntryProto } from './generated/onnx_pb.ts';

/** Where the numbers of a tensor lie that a model keeps outside its own file. */
export interface ExternalReference {
  /** Path as the file gives it, relative to the model's folder. */
  readonly location: string;
  /** First byte. */
  readonly offset: number;
  /** Bytes. */
  readonly length: number;
  /** What the tensor is, for messages: "initializer 'w'". */
  readonly subject: string;
}

/**
 * Gives the bytes of a reference, aligned to 8 and not used by anybody else. Handed in from where files are known.
 * @throws misuse where they cannot be had
 */
export type ExternalData = (reference: ExternalReference) => Uint8Array;

/** For models that come as bytes alone. */
export const NO_EXTERNAL_DATA: ExternalData = ({ location, subject }) => {
  throw misuse({
    code: 'external-data',
    subject,
    problem: `its numbers are kept outside the model, in '${location}', which did not come with it.`,
    advice: 'Give the model by its path, or save it as one file (Python: onnx.save(onnx.load(path), path)).',
  });
};

/**
 * @param expected bytes that the tensor's shape asks for
 * @throws misuse `damaged-tensor` where the entries are no reference to that many bytes
 */
export function externalReference(
  entries: readonly StringStringEntryProto[],
  expected: number,
  subject: string,
): ExternalReference {
  const given = new Map(entries.map(({ key, value }) => [key, value]));
  const location = given.get('location') ?? '';
  const offset = wholeNumber(given.get('offset'), 0);
  const length = wholeNumber(given.get('length'), expected);
  const problem =
    location === ''
      ? 'its numbers are kept outside the model, but the file does not say where.'
      : offset === undefined
        ? `its numbers are kept in '${location}' from '${given.get('offset')}' on, which is no whole number.`
        : length !== expected
          ? `it holds ${given.get('length')} bytes of '${location}' where its shape asks for ${expected}.`
          : undefined;
  if (problem !== undefined || offset === undefined || length === undefined)
    throw misuse({
      code: 'damaged-tensor',
      subject,
      problem: problem ?? '',
      advice: 'The file is damaged: export or download the model again.',
    });
  return { location, offset, length, subject };
}

function wholeNumber(text: string | undefined, otherwise: number): number | undefined {
  if (text === undefined || text === '') return otherwise;
  const number = /^\d{1,16}$/.test(text) ? Number(text) : undefined;
  return number !== undefined && Number.isSafeInteger(number) ? number : undefined;
}
