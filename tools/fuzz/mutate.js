import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema } from '../../dist/onnx/generated/onnx_pb.js';

const NUMBERS = [0, 1, 2, 3, 255, 256, 65535, 2 ** 31 - 1, 2 ** 31, 2 ** 32, -1, -2, 1e308, 0.5, 2 ** 53, 7];
const TEXTS = [
  '',
  'x',
  '__proto__',
  'toString',
  'constructor',
  '\u001b[31m',
  '../../etc/passwd',
  'é',
  'NaN',
  '-0',
  '\n',
  'a'.repeat(300),
];

/** One to four changes of bytes: bits, values, cuts, doublings, insertions, pieces moved. */
export function mutateBytes(bytes, random) {
  let result = Buffer.from(bytes);
  for (let n = 1 + random.below(4); n > 0; n--) {
    const at = random.below(result.length + 1);
    const length = 1 + random.below(random.next() < 0.8 ? 8 : 200);
    switch (random.below(8)) {
      case 0:
        if (result.length > 0) result[random.below(result.length)] ^= 1 << random.below(8);
        break;
      case 1:
        if (result.length > 0)
          result[random.below(result.length)] = random.pick([0, 1, 127, 128, 255, random.below(256)]);
        break;
      case 2:
        result = result.subarray(0, at);
        break;
      case 3:
        result = Buffer.concat([result.subarray(0, at), result.subarray(at + length)]);
        break;
      case 4:
        result = Buffer.concat([result.subarray(0, at), result.subarray(at, at + length), result.subarray(at)]);
        break;
      case 5:
        result = Buffer.concat([
          result.subarray(0, at),
          Buffer.from(Array.from({ length }, () => random.below(256))),
          result.subarray(at),
        ]);
        break;
      case 6: {
        const word = Buffer.alloc(4);
        word.writeUInt32LE(random.pick([0, 1, 0x7fffffff, 0x80000000, 0xffffffff, result.length]));
        if (at + 4 <= result.length) word.copy(result, at);
        break;
      }
      default:
        if (at + length <= result.length) result.copyWithin(random.below(result.length - length + 1), at, at + length);
    }
  }
  return result;
}

/** Changes text as bytes, or digits, words and separators of it. */
export function mutateText(bytes, random) {
  if (random.next() < 0.4) return mutateBytes(bytes, random);
  const parts = Buffer.from(bytes)
    .toString()
    .split(/([^\w.-]+)/);
  for (let n = 1 + random.below(3); n > 0; n--) {
    const i = random.below(parts.length);
    if (random.next() < 0.3) parts[i] = parts[random.below(parts.length)];
    else parts[i] = random.next() < 0.5 ? String(random.pick(NUMBERS)) : random.pick(TEXTS);
  }
  return Buffer.from(parts.join(''));
}

/** Changes values, keys, kinds and order inside JSON, or a line of JSON lines; at times its bytes. */
export function mutateJson(bytes, random) {
  if (random.next() < 0.25) return mutateText(bytes, random);
  const lines = Buffer.from(bytes).toString().trimEnd().split('\n');
  const whole = lines.length > 1 && lines.every((line) => line.startsWith('{') && line.endsWith('}'));
  const chosen = whole ? random.below(lines.length) : 0;
  const box = { value: JSON.parse(whole ? lines[chosen] : lines.join('\n')) };
  for (let n = 1 + random.below(3); n > 0; n--) changeJson(box, random);
  const text = JSON.stringify(box.value) ?? '';
  if (!whole) return Buffer.from(text);
  lines[chosen] = text;
  if (random.next() < 0.2) lines.splice(random.below(lines.length), 0, random.pick(lines));
  return Buffer.from(`${lines.join('\n')}\n`);
}

function changeJson(box, random) {
  let [holder, key] = [box, 'value'];
  while (typeof holder[key] === 'object' && holder[key] !== null && random.next() < 0.8) {
    const keys = Object.keys(holder[key]);
    if (keys.length === 0) break;
    [holder, key] = [holder[key], random.pick(keys)];
  }
  switch (random.below(5)) {
    case 0:
      holder[key] = random.pick(NUMBERS);
      break;
    case 1:
      holder[key] = random.pick(TEXTS);
      break;
    case 2:
      holder[key] = random.pick([null, true, false, [], {}, [[]], [1, 'x'], { x: 1 }]);
      break;
    case 3:
      if (holder !== box) delete holder[key];
      break;
    default:
      if (holder === box) break;
      if (Array.isArray(holder)) holder.push(holder[key]);
      else
        Object.defineProperty(holder, random.pick(TEXTS), {
          value: holder[key],
          enumerable: true,
          configurable: true,
          writable: true,
        });
  }
}

/** Changes the fields of an ONNX file: numbers, names, lists, messages of any depth; at times its bytes. */
export function mutateOnnx(bytes, random) {
  if (random.next() < 0.3) return mutateBytes(bytes, random);
  const model = fromBinary(ModelProtoSchema, bytes);
  for (let n = 1 + random.below(4); n > 0; n--) changeMessage(model, names(model), random);
  try {
    return Buffer.from(toBinary(ModelProtoSchema, model));
  } catch {
    return mutateBytes(bytes, random); // A number that its field cannot hold.
  }
}

function names(model) {
  const { graph } = model;
  return ['', ...(graph?.node.flatMap(({ input, output, opType }) => [...input, ...output, opType]) ?? []), ...TEXTS];
}

function changeMessage(root, known, random) {
  let message = root;
  for (;;) {
    const fields = Object.entries(message).filter(([key]) => key !== '$typeName' && key !== '$unknown');
    if (fields.length === 0) return;
    const [key, value] = random.pick(fields);
    const isMessage = (v) => typeof v === 'object' && v !== null && !ArrayBuffer.isView(v) && !Array.isArray(v);
    if (isMessage(value)) {
      message = value;
      continue;
    }
    if (Array.isArray(value)) {
      if (value.length > 0 && isMessage(value[0]) && random.next() < 0.75) {
        message = random.pick(value);
        continue;
      }
      changeList(value, known, random);
      return;
    }
    message[key] = changed(value, known, random);
    return;
  }
}

function changeList(list, known, random) {
  if (list.length === 0) return;
  const at = random.below(list.length);
  const to = random.below(list.length);
  switch (random.below(5)) {
    case 0:
      list.splice(at, 1);
      break;
    case 1:
      list.splice(to, 0, list[at]);
      break;
    case 2:
      [list[at], list[to]] = [list[to], list[at]];
      break;
    case 3:
      if (random.next() < 0.1) for (let n = random.below(2000); n > 0; n--) list.push(list[at]);
      else list.push(list[at]);
      break;
    default:
      list[at] = changed(list[at], known, random);
  }
}

function changed(value, known, random) {
  if (typeof value === 'bigint')
    return BigInt.asIntN(
      64,
      random.pick([
        0n,
        1n,
        -1n,
        2n,
        3n,
        64n,
        65n,
        2n ** 31n,
        2n ** 31n - 1n,
        2n ** 63n - 1n,
        -(2n ** 63n),
        value + 1n,
        value * 2n,
      ]),
    );
  if (typeof value === 'number')
    return Number.isInteger(value) ? random.pick([0, 1, 2, 3, 7, 9, 10, 11, 16, 22, value + 1]) : random.pick(NUMBERS);
  if (typeof value === 'string') return random.pick(known);
  if (value instanceof Uint8Array) return new Uint8Array(mutateBytes(value, random));
  return value;
}
