/** Operators that draw numbers: two of them on the same inputs are not one. (Dropout may: in training mode.) */
export const DRAWS: ReadonlySet<string> = new Set([
  'RandomNormal',
  'RandomNormalLike',
  'RandomUniform',
  'RandomUniformLike',
  'Multinomial',
  'Bernoulli',
]);
