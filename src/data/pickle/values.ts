/** A value of Python, as a pickle of plain data holds it. Text of Python 2 and bytes are both bytes. */
export type PyValue =
  | null
  | boolean
  | number
  | string
  | Uint8Array
  | readonly PyValue[]
  | PyTuple
  | ReadonlyMap<PyValue, PyValue>
  | PyName
  | PyType
  | PyArray;

export class PyTuple {
  readonly items: readonly PyValue[];

  constructor(items: readonly PyValue[]) {
    this.items = items;
  }
}

/** A name that the pickle would import. Nothing is imported: it is compared with the few that arrays are made by. */
export class PyName {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** A type of NumPy. */
export class PyType {
  /** As `u1`. */
  readonly code: string;
  order = '|';

  constructor(code: string) {
    this.code = code;
  }
}

/** An array of NumPy. */
export class PyArray {
  shape: readonly number[] = [];
  type: PyType | undefined;
  fortran = false;
  data: Uint8Array = new Uint8Array();
}

/** A key of a dictionary as text, whichever Python wrote it. */
export function keyOf(value: PyValue): string | undefined {
  if (typeof value === 'string') return value;
  return value instanceof Uint8Array ? new TextDecoder('latin1').decode(value) : undefined;
}
