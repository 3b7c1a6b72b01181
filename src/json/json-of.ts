/**
 * JSON of results. JSON has no infinity and no NaN, and `JSON.stringify` writes null in their place: a number that is
 * none is a fault of ours and never reaches a file.
 */
export function jsonOf(value: unknown, indent?: number): string {
  return JSON.stringify(
    value,
    (key, inner: unknown) => {
      if (typeof inner === 'number' && !Number.isFinite(inner))
        throw new Error(`internal: '${key}' of a result is ${inner}`);
      return inner;
    },
    indent,
  );
}
