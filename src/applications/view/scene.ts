import { PARAMETERS } from '../../sets/box.ts';
import { IDENTITY, type Transformation } from '../../transform/transformation.ts';

/** What a page shows, as its address tells it. */
export interface Scene {
  /** Names of the models, one or two. */
  readonly models: readonly string[];
  /** Name of the picture. */
  readonly picture?: string;
  /** The true class, where the picture does not tell it. */
  readonly label?: number;
  readonly transformation: Transformation;
  /** What computes the models, where the address says it; else WebGPU where there is a GPU. */
  readonly runtime?: (typeof RUNTIMES)[number];
}

const RUNTIMES = ['wasm', 'webgpu'] as const;

/** Decimals that an address keeps. Dragging moves by these too, so that a link shows the very same. */
const DECIMALS = 2;

/** A transformation as addresses and fields have it: to hundredths of a pixel and a degree. */
export function rounded({ tx, ty, angle }: Transformation): Transformation {
  const round = (value: number): number => Number(value.toFixed(DECIMALS)) + 0;
  return { tx: round(tx), ty: round(ty), angle: round(angle) };
}

/** A scene as what stands behind the `#` of an address: `model=a&model=b&picture=4&tx=1.5&ty=0&angle=-12`. */
export function toAddress({ models, picture, label, transformation, runtime }: Scene): string {
  const { tx, ty, angle } = rounded(transformation);
  const entries: [string, string | number][] = [
    ...models.map((name): [string, string] => ['model', name]),
    ...(picture === undefined ? [] : [['picture', picture] as [string, string]]),
    ...(label === undefined ? [] : [['label', label] as [string, number]]),
    ...PARAMETERS.map((key): [string, number] => [key, { tx, ty, angle }[key]]),
    ...(runtime === undefined ? [] : [['runtime', runtime] as [string, string]]),
  ];
  return entries.map(([key, value]) => `${key}=${encodeURIComponent(value)}`).join('&');
}

/** The scene of an address; what it does not tell, or tells in no sensible form, is left out. */
export function fromAddress(address: string): Scene {
  const all = address
    .replace(/^#/, '')
    .split('&')
    .map((entry) => {
      const at = entry.indexOf('=');
      return [entry.slice(0, at), decoded(entry.slice(at + 1))] as const;
    });
  const last = (key: string): string | undefined => all.findLast(([name]) => name === key)?.[1];
  const label = last('label');
  const number = (key: keyof Transformation, most: number): number => {
    const value = Number(last(key) ?? 0);
    return Number.isFinite(value) && Math.abs(value) <= most ? value : IDENTITY[key];
  };
  return {
    models: all
      .flatMap(([key, value]) => (key === 'model' && value !== undefined && value !== '' ? [value] : []))
      .slice(0, 2),
    picture: last('picture'),
    label: label !== undefined && /^\d{1,6}$/.test(label) ? Number(label) : undefined,
    transformation: rounded({
      tx: number('tx', MOST_SHIFT),
      ty: number('ty', MOST_SHIFT),
      angle: number('angle', 180),
    }),
    runtime: RUNTIMES.find((runtime) => runtime === last('runtime')),
  };
}

const MOST_SHIFT = 16_384;

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
