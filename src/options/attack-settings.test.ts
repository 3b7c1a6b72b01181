import { describe, expect, it } from 'vitest';
import { voteSettings } from './attack-settings.ts';
import { evaluateSchema } from './evaluate-options.ts';
import { readOptions } from './read-options.ts';

const SHAPE = { channels: 3, height: 32, width: 32 };

function vote(values: Record<string, unknown>) {
  return voteSettings(
    readOptions(evaluateSchema, [
      { values: { model: 'm.onnx', data: 'cifar10', ...values }, describe: (name) => `--${name}` },
    ]),
    SHAPE,
  );
}

describe('voteSettings', () => {
  it('votes over what is attacked with, unless the vote has limits of its own', () => {
    expect(vote({})).toBeUndefined();
    expect(vote({ vote: 10, seed: 3 })).toEqual({ draws: 10, seed: 3, box: { angle: 30, tx: 3, ty: 3 } });
    expect(vote({ vote: 10, rotation: 20 })?.box).toEqual({ angle: 20, tx: 3, ty: 3 });
    expect(vote({ vote: 10, rotation: 20, 'vote-rotation': 5, 'vote-translation': '1px' })?.box).toEqual({
      angle: 5,
      tx: 1,
      ty: 1,
    });
    expect(vote({ vote: 10, 'vote-rotation': 0 })?.box).toEqual({ angle: 0, tx: 3, ty: 3 });
  });

  it('refuses limits of a vote that is not asked for, and such that do not fit the images', () => {
    expect(() => vote({ 'vote-rotation': 5 })).toThrow('--vote-rotation: goes with vote: M');
    expect(() => vote({ 'vote-translation': '1px' })).toThrow('--vote-translation: goes with vote: M');
    expect(() => vote({ vote: 10, 'vote-translation': '40px' })).toThrow(/40/);
  });
});
