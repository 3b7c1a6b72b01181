import type { Computing } from '../../web/desk/messages.ts';

/** Scores that differ by less are the same to this page. */
const SAME = 1e-4;

/** Which runtime computes a model, and what there is to know of it. */
export function ComputedBy({ computing: { on, adapter, apart = 0, reason } }: { readonly computing: Computing }) {
  const aside = on === 'webgpu' ? differs(apart) : reason;
  return (
    <p class="quiet small computed-by">
      {on === 'webgpu' ? `Computed on the GPU by WebGPU (${adapter})` : 'Computed by WebAssembly'}
      {aside === undefined ? '.' : `: ${aside}.`}
    </p>
  );
}

function differs(apart: number): string | undefined {
  return apart < SAME
    ? undefined
    : `scores are up to ${Number(apart.toPrecision(2))} from those of WebAssembly and of the command line`;
}
