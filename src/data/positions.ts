/** Every source refuses positions outside its images; callers are our own code, so this is a bug and not bad input. */
export function checkPositions(positions: readonly number[], length: number, name: string): void {
  for (const position of positions) {
    if (!Number.isInteger(position) || position < 0 || position >= length) {
      throw new RangeError(`internal: position ${position} of ${name}, which has ${length} images`);
    }
  }
}
