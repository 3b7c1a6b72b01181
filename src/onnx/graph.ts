/** Element types of ONNX that the project handles. */
export type ElementType =
  | 'float32'
  | 'float64'
  | 'float16'
  | 'bfloat16'
  | 'int8'
  | 'int16'
  | 'int32'
  | 'int64'
  | 'uint8'
  | 'uint16'
  | 'uint32'
  | 'uint64'
  | 'bool'
  | 'string';

/**
 * A constant. `data` holds the elements in row-major order: Float32Array, Float64Array, Uint16Array (raw bits of
 * float16 and bfloat16), BigInt64Array (int64), BigUint64Array, Int32Array, Uint8Array (uint8, bool), … or strings.
 */
export interface TensorValue {
  readonly type: ElementType;
  readonly dims: readonly number[];
  readonly data: TensorData;
}

/** The values of a tensor, by its element type. */
export type TensorData =
  | Float32Array
  | Float64Array
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | BigInt64Array
  | BigUint64Array
  | readonly string[];

/** A node's attribute, by its kind. */
export type Attribute =
  | { readonly kind: 'int'; readonly value: number }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'tensor'; readonly value: TensorValue }
  | { readonly kind: 'graph'; readonly value: Graph }
  | { readonly kind: 'ints'; readonly value: readonly number[] }
  | { readonly kind: 'floats'; readonly value: readonly number[] }
  | { readonly kind: 'strings'; readonly value: readonly string[] };

/** One operator. An empty string among `inputs` or `outputs` is an optional one left out. */
export interface Node {
  readonly name: string;
  readonly opType: string;
  /** '' is ai.onnx. */
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, Attribute>;
}

/** A dimension: a number, a symbol (`'batch'`), or unknown (`null`). */
export type Dimension = number | string | null;

/** Name, type and shape of a value. */
export interface ValueInfo {
  readonly name: string;
  readonly type: ElementType;
  /** Undefined: the rank is unknown. */
  readonly shape?: readonly Dimension[];
}

/** A graph whose nodes stand in topological order. Treated as immutable once built. */
export interface Graph {
  readonly name: string;
  /** Without those that have an initializer. */
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  readonly initializers: ReadonlyMap<string, TensorValue>;
  readonly nodes: readonly Node[];
  /** What the file says about inner values. */
  readonly valueInfo: ReadonlyMap<string, ValueInfo>;
}

/** An ONNX model: a graph with its opsets and what its file says beside. */
export interface Model {
  readonly irVersion: number;
  /** Version by domain; '' is ai.onnx. */
  readonly opsets: ReadonlyMap<string, number>;
  /** Name of the program that wrote the file, with its version where the file tells it. */
  readonly producer: string;
  readonly producerVersion?: string;
  /** What else the file says of itself: it stays where the same model is written with other weights. */
  readonly about?: {
    readonly domain?: string;
    readonly version?: bigint;
    readonly doc?: string;
    readonly graphDoc?: string;
  };
  readonly metadata: ReadonlyMap<string, string>;
  readonly graph: Graph;
}

/** The opset that every graph is brought to and that every rule and builder is written for. */
export const WORKING_OPSET = 20;

/**
 * The domain of our own operators, which never reach a file: each says what a gradient is, and a target writes it with
 * operators that it has (`src/gradients/expansions`). Each of its outputs has type
 * and shape of the input in the same place: it is the gradient by that input.
 */
export const GRADIENT_DOMAIN = 'gimbal.gradient';
