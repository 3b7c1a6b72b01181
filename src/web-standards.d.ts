/*
 * What the core uses beyond the language itself: standards that Node and every browser have. The core compiles without
 * the types of either (tsconfig.core.json), so that whatever else it reached for would not compile.
 */

declare class TextEncoder {
  encode(text: string): Uint8Array<ArrayBuffer>;
}

declare class TextDecoder {
  constructor(encoding?: 'utf-8' | 'utf-16le' | 'utf-16be' | 'latin1', options?: { readonly fatal?: boolean });
  decode(bytes: Uint8Array, options?: { readonly stream?: boolean }): string;
}

interface AbortSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  throwIfAborted(): void;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** https://w3c.github.io/webcrypto/#subtlecrypto-interface */
declare const crypto: {
  readonly subtle: { digest(algorithm: 'SHA-256', data: Uint8Array): Promise<ArrayBuffer> };
};
