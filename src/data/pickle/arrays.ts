import { keyOf, PyArray, PyName, PyTuple, PyType, type PyValue } from './values.ts';

/** The modules of NumPy before version 2 and since. */
const plain = (name: string): string => name.replace(/^numpy\._core\./, 'numpy.core.');

/**
 * What a call would give, of the few that make arrays.
 * @param name of what would be called, as `numpy.core.multiarray._reconstruct`
 * @returns `undefined` for any other
 */
export function reduce(name: string, given: readonly PyValue[]): PyValue | undefined {
  const [first, second, third, fourth] = given;
  switch (plain(name)) {
    case 'numpy.core.multiarray._reconstruct':
      return first instanceof PyName && first.name === 'numpy.ndarray' ? new PyArray() : undefined;
    case 'numpy.dtype': {
      const code = keyOf(first);
      return code === undefined ? undefined : new PyType(code);
    }
    case '_codecs.encode':
      // Bytes in a pickle of protocol 2, which has no opcode for them.
      return typeof first === 'string' && keyOf(second) === 'latin1' ? latin1(first) : undefined;
    case 'numpy.core.numeric._frombuffer': {
      const array = new PyArray();
      const filled = fill(array, third, second, fourth === undefined ? 'C' : fourth, first);
      return filled ? array : undefined;
    }
    default:
      return undefined;
  }
}

/** Bytes of text whose characters stand for them; `undefined` where one is none. */
function latin1(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code > 255) return undefined;
    bytes[at] = code;
  }
  return bytes;
}

/** Sets up an array or a type. @returns whether it is one, and the state is one of such */
export function setState(value: PyValue, state: PyValue): boolean {
  if (!(state instanceof PyTuple)) return false;
  if (value instanceof PyType) {
    value.order = keyOf(state.items[1]) ?? '|';
    return true;
  }
  if (!(value instanceof PyArray)) return false;
  const [, shape, type, fortran, data] = state.items;
  return fill(value, shape, type, fortran === true || fortran === 1 ? 'F' : 'C', data);
}

function fill(array: PyArray, shape: PyValue, type: PyValue, order: PyValue, data: PyValue): boolean {
  if (!(shape instanceof PyTuple) || !(type instanceof PyType) || !(data instanceof Uint8Array)) return false;
  const sides = shape.items;
  if (!sides.every((side) => typeof side === 'number' && Number.isSafeInteger(side) && side >= 0)) return false;
  array.shape = sides as number[];
  array.type = type;
  array.fortran = keyOf(order) === 'F';
  array.data = data;
  return true;
}
