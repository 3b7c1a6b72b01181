import type { Lowering, Sum } from './lowering.ts';

/** Of two vectors over the channels, where undefined is one. */
export function product(lowering: Lowering, a: string | undefined, c: string | undefined): string | undefined {
  if (a === undefined || c === undefined) return a ?? c;
  return lowering.op('Mul', a < c ? [a, c] : [c, a]);
}

/** A sum times a vector over the channels. */
export function scaled(lowering: Lowering, form: Sum, factor: string): Sum {
  return {
    terms: form.terms.map((term) => ({ ...term, scale: product(lowering, term.scale, factor) })),
    bias: product(lowering, form.bias, form.bias === undefined ? undefined : factor),
  };
}

export function negated(lowering: Lowering, form: Sum, channels: number): Sum {
  return scaled(lowering, form, lowering.constantVector(-1, channels));
}

/** Holds a value as a sum; where it has several terms and several nodes need it, it is made once. */
export function holdSum(lowering: Lowering, value: string, form: Sum): void {
  const shared = form.terms.length > 1 && lowering.source.uses(value) > 1;
  lowering.setForm(value, shared ? { terms: [{ tensor: lowering.materialise(form, value) }] } : form);
}
