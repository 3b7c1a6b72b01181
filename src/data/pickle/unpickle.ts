import { misuse } from '../../errors/error.ts';
import { reduce, setState } from './arrays.ts';
import { opcodeName } from './opcodes.ts';
import { PickleReader } from './reader.ts';
import { PyName, PyTuple, type PyValue } from './values.ts';

/** CIFAR's files make 150,000 values. A file could say some hundred million empty lists. */
const MOST_VALUES = 4_000_000;

/** Where a group of values on the stack begins. */
const MARK = Symbol('mark');

/**
 * Reads a pickle of dictionaries, lists, text, numbers and arrays of NumPy, as the Python versions of CIFAR are and as
 * Python's `pickle` writes such data again. It is data that is read, never a program that runs: nothing is imported or
 * called, the few names that arrays are made by are compared as text, and every other opcode and name is refused.
 * @param subject the file, for messages
 * @throws misuse `foreign-format` that names the opcode or the name; `cut-file`, `damaged-file`
 */
export function unpickle(bytes: Uint8Array, subject: string): PyValue {
  return new Machine(new PickleReader(bytes, subject), subject).run();
}

type Entry = PyValue | typeof MARK;

class Machine {
  readonly #reader: PickleReader;
  readonly #subject: string;
  readonly #stack: Entry[] = [];
  readonly #memo = new Map<number, PyValue>();
  #values = 0;

  constructor(reader: PickleReader, subject: string) {
    this.#reader = reader;
    this.#subject = subject;
  }

  run(): PyValue {
    for (;;) {
      const opcode = opcodeName(this.#reader.byte());
      if (opcode === 'STOP') return this.#pop();
      if (++this.#values > MOST_VALUES)
        throw this.#damaged(`makes more than ${MOST_VALUES.toLocaleString('en-US')} values`);
      if (!Object.hasOwn(OPCODES, opcode)) throw this.refuse(`uses the opcode ${opcode}`);
      OPCODES[opcode](this, this.#reader);
    }
  }

  push(value: PyValue): void {
    this.#stack.push(value);
  }

  mark(): void {
    this.#stack.push(MARK);
  }

  pop(): PyValue {
    return this.#pop();
  }

  #pop(): PyValue {
    const value = this.#stack.pop();
    if (value === undefined || value === MARK) throw this.#damaged('takes a value where there is none');
    return value;
  }

  /** The values behind the last mark, which goes with them. */
  popMarked(): PyValue[] {
    const at = this.#stack.lastIndexOf(MARK);
    if (at < 0) throw this.#damaged('takes a group of values where there is none');
    return (this.#stack.splice(at) as PyValue[]).slice(1);
  }

  /** The last value, which stays. */
  top(): PyValue {
    const value = this.#pop();
    this.push(value);
    return value;
  }

  remember(key: number): void {
    this.#memo.set(key, this.top());
  }

  memoize(): void {
    this.remember(this.#memo.size);
  }

  recall(key: number): void {
    const value = this.#memo.get(key);
    if (value === undefined) throw this.#damaged(`recalls value ${key}, which it never made`);
    this.push(value);
  }

  list(): PyValue[] {
    const list = this.top();
    if (!Array.isArray(list)) throw this.#damaged('appends to what is no list');
    return list;
  }

  setItems(pairs: readonly PyValue[]): void {
    const dictionary = this.top();
    if (!(dictionary instanceof Map) || pairs.length % 2 > 0)
      throw this.#damaged('sets items of what is no dictionary');
    for (let at = 0; at < pairs.length; at += 2) dictionary.set(pairs[at], pairs[at + 1]);
  }

  stackName(): void {
    const [name, module] = [this.#pop(), this.#pop()];
    if (typeof name !== 'string' || typeof module !== 'string')
      throw this.#damaged('names something by what is no text');
    this.push(new PyName(`${module}.${name}`));
  }

  reduce(): void {
    const [given, callee] = [this.#pop(), this.#pop()];
    if (!(callee instanceof PyName) || !(given instanceof PyTuple)) throw this.#damaged('calls what is no name');
    const value = reduce(callee.name, given.items);
    if (value === undefined) throw this.refuse(`would call ${callee.name} of Python`);
    this.push(value);
  }

  build(): void {
    const state = this.#pop();
    if (!setState(this.top(), state)) throw this.#damaged('sets up what is no array of NumPy');
  }

  refuse(what: string): Error {
    return misuse({
      code: 'foreign-format',
      subject: this.#subject,
      problem: `is a Python pickle that ${what}, which plain arrays do not take; nothing of it is executed.`,
      advice:
        'Save the images and labels in Python with numpy.savez("data.npz", images=IMAGES, labels=LABELS), and ' +
        'give data.npz.',
    });
  }

  #damaged(what: string): Error {
    return misuse({
      code: 'damaged-file',
      subject: this.#subject,
      problem: `is a damaged pickle: at byte ${this.#reader.at - 1} it ${what}.`,
      advice: 'Get it again.',
    });
  }
}

/** Each as Python's `pickletools` describes it. */
const OPCODES: Readonly<Record<string, (machine: Machine, reader: PickleReader) => void>> = {
  PROTO: (_, reader) => void reader.byte(),
  FRAME: (_, reader) => void reader.take(8),
  MARK: (machine) => machine.mark(),
  NONE: (machine) => machine.push(null),
  NEWTRUE: (machine) => machine.push(true),
  NEWFALSE: (machine) => machine.push(false),
  BININT: (machine, reader) => machine.push(reader.int32()),
  BININT1: (machine, reader) => machine.push(reader.byte()),
  BININT2: (machine, reader) => machine.push(reader.uint16()),
  LONG1: (machine, reader) => machine.push(reader.long(reader.byte())),
  BINSTRING: (machine, reader) => machine.push(reader.take(reader.uint32())),
  SHORT_BINSTRING: (machine, reader) => machine.push(reader.take(reader.byte())),
  BINBYTES: (machine, reader) => machine.push(reader.take(reader.uint32())),
  SHORT_BINBYTES: (machine, reader) => machine.push(reader.take(reader.byte())),
  BINBYTES8: (machine, reader) => machine.push(reader.take(reader.uint64())),
  BYTEARRAY8: (machine, reader) => machine.push(reader.take(reader.uint64())),
  BINUNICODE: (machine, reader) => machine.push(reader.text(reader.uint32())),
  SHORT_BINUNICODE: (machine, reader) => machine.push(reader.text(reader.byte())),
  BINUNICODE8: (machine, reader) => machine.push(reader.text(reader.uint64())),
  EMPTY_LIST: (machine) => machine.push([]),
  APPEND(machine) {
    const value = machine.pop();
    machine.list().push(value);
  },
  APPENDS(machine) {
    const values = machine.popMarked();
    const list = machine.list();
    for (const value of values) list.push(value);
  },
  EMPTY_DICT: (machine) => machine.push(new Map()),
  SETITEM(machine) {
    const [value, key] = [machine.pop(), machine.pop()];
    machine.setItems([key, value]);
  },
  SETITEMS: (machine) => machine.setItems(machine.popMarked()),
  EMPTY_TUPLE: (machine) => machine.push(new PyTuple([])),
  TUPLE: (machine) => machine.push(new PyTuple(machine.popMarked())),
  TUPLE1: (machine) => machine.push(new PyTuple([machine.pop()])),
  TUPLE2(machine) {
    const [second, first] = [machine.pop(), machine.pop()];
    machine.push(new PyTuple([first, second]));
  },
  TUPLE3(machine) {
    const [third, second, first] = [machine.pop(), machine.pop(), machine.pop()];
    machine.push(new PyTuple([first, second, third]));
  },
  BINPUT: (machine, reader) => machine.remember(reader.byte()),
  LONG_BINPUT: (machine, reader) => machine.remember(reader.uint32()),
  MEMOIZE: (machine) => machine.memoize(),
  BINGET: (machine, reader) => machine.recall(reader.byte()),
  LONG_BINGET: (machine, reader) => machine.recall(reader.uint32()),
  GLOBAL(machine, reader) {
    const module = reader.line();
    machine.push(new PyName(`${module}.${reader.line()}`));
  },
  STACK_GLOBAL: (machine) => machine.stackName(),
  REDUCE: (machine) => machine.reduce(),
  BUILD: (machine) => machine.build(),
};
