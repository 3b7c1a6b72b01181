import type { ModelFile } from '../../runtime/model-file.ts';
import type { SessionOptions } from '../../runtime/runtime.ts';
import type { TransportedError } from '../../workers/messages.ts';

/** A tensor on its way between threads. */
export interface PackedTensor {
  readonly type: string;
  readonly data: unknown;
  readonly dims: readonly number[];
}

export type SessionRequest = { readonly id: number } & (
  | { readonly kind: 'create'; readonly model: ModelFile; readonly options?: SessionOptions }
  | {
      readonly kind: 'run';
      /** Id of the request that created it. */
      readonly session: number;
      readonly feeds: Readonly<Record<string, PackedTensor>>;
      readonly fetches?: readonly string[];
    }
  | { readonly kind: 'release'; readonly session: number }
);

export type SessionReply = { readonly id: number } & (
  | { readonly inputNames: readonly string[]; readonly outputNames: readonly string[] }
  | { readonly outputs: Readonly<Record<string, PackedTensor>> }
  | { readonly released: true }
  | { readonly error: TransportedError }
);
