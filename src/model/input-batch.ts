import { Tensor } from 'onnxruntime-common';
import { type InputType, type ModelInput, takesBytes } from './description.ts';
import type { Encoder } from './encoder.ts';
import { toFloat16 } from '../float16/float16.ts';

/**
 * The model's input tensor for up to `capacity` images: allocated once, filled image by image, used again and again.
 */
export interface InputBatch {
  /**
   * Fills one slot.
   * @param write writes the raw image (CHW) to the array that it is given, wherever that lies
   */
  put(slot: number, write: (raw: Float32Array) => void): void;
  /** The first `count` slots. Valid until the next `put`. */
  tensor(count: number): Tensor;
}

/**
 * @param precision what the images are rounded to where `input` itself takes more: bytes, for a model that took bytes
 *   before
 * it was differentiated
 */
export function createInputBatch(
  input: ModelInput,
  encoder: Encoder,
  capacity: number,
  precision = input.type,
): InputBatch {
  const { size } = encoder;
  const values = allocate(input.type, capacity * size);
  const raw = new Float32Array(size);
  const tensors = new Map<number, Tensor>();

  function tensor(count: number): Tensor {
    const known = tensors.get(count);
    if (known !== undefined) return known;
    const part = values.subarray(0, count * size);
    const made = new Tensor(input.type, part, input.unbatched ? input.dims : [count, ...input.dims]);
    tensors.set(count, made);
    return made;
  }

  if (values instanceof Float32Array) {
    const slots = Array.from({ length: capacity }, (_, i) => values.subarray(i * size, (i + 1) * size));
    return {
      tensor,
      put: (slot, write) => {
        const target = slots[slot];
        const source = encoder.inPlace ? target : raw;
        write(source);
        encoder.encode(source, target);
        if (takesBytes({ type: precision })) target.set(Uint8ClampedArray.from(target));
      },
    };
  }

  const encoded = new Float32Array(size);
  // Uint8ClampedArray rounds to the nearest byte, ties to even, and clips to [0, 255].
  const bytes = new Uint8ClampedArray(size);
  return {
    tensor,
    put: (slot, write) => {
      write(raw);
      encoder.encode(raw, encoded);
      if (values instanceof Uint16Array)
        for (let i = 0, o = slot * size; i < size; i++, o++) values[o] = toFloat16(encoded[i]);
      else if (values instanceof Float64Array) values.set(encoded, slot * size);
      else {
        bytes.set(encoded);
        if (values instanceof BigInt64Array)
          for (let i = 0, o = slot * size; i < size; i++, o++) values[o] = BigInt(bytes[i]);
        else values.set(bytes, slot * size);
      }
    },
  };
}

type Values = Float32Array | Uint16Array | Float64Array | Uint8Array | Int32Array | BigInt64Array;

function allocate(type: InputType, length: number): Values {
  return new {
    float32: Float32Array,
    float16: Uint16Array,
    float64: Float64Array,
    uint8: Uint8Array,
    int32: Int32Array,
    int64: BigInt64Array,
  }[type](length);
}

/** The least number of images from `wanted` up that fills a fixed batch. */
export function wholeBatches(wanted: number, { batch }: Pick<ModelInput, 'batch'>): number {
  return batch === 'free' ? wanted : Math.ceil(wanted / batch) * batch;
}
