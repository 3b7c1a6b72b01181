/** The rule that residual networks of three stages with blocks of two convolutions put on the depth. */
export function refuseDepth(depth: number): string | undefined {
  return depth >= 8 && (depth - 2) % 6 === 0 ? undefined : `its depth is 6n + 2 (8, 14, 20, 26, 32, …), not ${depth}`;
}
