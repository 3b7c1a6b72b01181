import type { Attack, GradientOutcome, Probe, Target } from '../attacks/attack.ts';
import { createAttack, type AttackSettings } from '../attacks/create-attack.ts';
import type { Transformation } from '../transform/transformation.ts';
import { runSearch } from './run-search.ts';

const SHAPE = { channels: 1, height: 1, width: 4 };
const TARGET: Target = { index: 3, label: 0, pixels: Float32Array.of(0.1, 0.5, 0.9, 1), shape: SHAPE };

/** Of the attacks in tests. */
export const ATTACK_SETTINGS: AttackSettings = {
  box: { tx: 3, ty: 2, angle: 30 },
  grid: { tx: 3, ty: 3, angle: 5 },
  seed: 1,
  randomStart: false,
  combinedWith: 4,
};

/** A smooth model: its loss, and the gradient of it, as functions of a probe. It errs above a loss of 1. */
export interface SmoothModel {
  loss(probe: Probe): number;
  gradient?(probe: Probe): number[];
}

/** Runs a search against a model by itself. `tried`: probes that it asked for. */
export function runAttack(attack: Attack, model: SmoothModel) {
  const { probes, ...found } = runSearch(attack.search(TARGET), (probe): GradientOutcome => {
    const loss = model.loss(probe);
    return { loss, predicted: loss > 1 ? 1 : 0, gradient: model.gradient?.(probe) ?? [] };
  });
  return { ...found, probes, tried: probes.length };
}

export const attackNamed = (name: string, over: Partial<AttackSettings> = {}): Attack =>
  createAttack(name, { ...ATTACK_SETTINGS, ...over });

/** A model whose loss falls off from a peak of some height. */
export const hill = (peak: Transformation, height: number): SmoothModel => ({
  loss: ({ transformation: t }) =>
    height - ((t.tx - peak.tx) ** 2 + (t.ty - peak.ty) ** 2 + ((t.angle - peak.angle) / 10) ** 2) / 10,
  gradient: ({ transformation: t }) => [-(t.tx - peak.tx) / 5, -(t.ty - peak.ty) / 5, -(t.angle - peak.angle) / 500],
});
