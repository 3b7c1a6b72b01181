/** `grid:rotation` → `losses-grid-rotation.npy`: not every file system takes a colon. */
export function lossesFileName(attack: string): string {
  return `losses-${attack.replaceAll(':', '-')}.npy`;
}
