import { SaxesParser } from 'saxes';
import { expect, it } from 'vitest';
import { renderJUnit } from './render-junit.ts';

type Element = { readonly name: string; readonly attributes: Record<string, string> };

/** Elements in their order, as a strict parser reads them: it throws at whatever is not well-formed. */
function elementsOf(xml: string): Element[] {
  const elements: Element[] = [];
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => void elements.push({ name, attributes }));
  parser.write(xml).close();
  return elements;
}

it('is well-formed and counts right, whatever names and messages hold', () => {
  const hostile = `<a b="c">&'é\u0000\u001b[31m\ud800\ufffe\uffff]]>\n--><!--`;
  const xml = renderJUnit({
    name: hostile,
    cases: [
      { name: hostile },
      { name: 'b', outcome: { kind: 'failure', message: hostile } },
      { name: 'c', outcome: { kind: 'skipped', message: hostile } },
      { name: 'd', outcome: { kind: 'error', message: hostile } },
    ],
    seconds: 1.5,
    timestamp: '2026-11-30T00:00:00',
    gimbal: '0.1.0',
  });
  const elements = elementsOf(xml);
  const { attributes } = elements.find(({ name }) => name === 'testsuite')!;
  expect(attributes).toMatchObject({ tests: '4', failures: '1', errors: '1', skipped: '1', time: '1.500' });
  const shown = `<a b="c">&'é\\u0000\\u001b[31m\\ud800\\ufffe\\uffff]]>\\n--><!--`;
  expect(attributes.name).toBe(shown);
  expect(
    elements.filter(({ name }) => ['failure', 'skipped', 'error'].includes(name)).map((e) => e.attributes),
  ).toEqual([{ type: 'below-threshold', message: shown }, { message: shown }, { type: 'run-failed', message: shown }]);
});
