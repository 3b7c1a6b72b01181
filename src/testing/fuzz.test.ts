import { expect, test } from 'vitest';

interface Row {
  readonly inputs: number;
  readonly read: number;
  readonly refused: number;
}
interface Driver {
  fuzz(options: { readonly count: number; readonly onFault: (fault: object) => void }): Promise<Map<string, Row>>;
}

/** A sample of what tools/fuzz/fuzz.js does a million times; the path leads there from dist/testing. */
test('1,500 damaged files of all formats are read or refused', async () => {
  const driver = (await import(new URL('../../tools/fuzz/run.js', import.meta.url).href)) as Driver;
  const faults: object[] = [];
  const table = await driver.fuzz({ count: 1500, onFault: (fault) => faults.push(fault) });
  expect(faults).toEqual([]);
  for (const { inputs, read, refused } of table.values()) {
    expect(read + refused).toBe(inputs);
    expect(refused).toBeGreaterThan(0);
  }
}, 60_000);
