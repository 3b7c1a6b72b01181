import { expect, it } from 'vitest';
import { API_PAGE, apiPage } from './api-page.ts';
import { CORE, faultyExamples, INDEX, library, unexportedTypes, WEB } from './library-program.ts';

it('docs/api.md says what the sources say', async () => {
  const page = apiPage();
  expect(page).toContain('evaluate(request: EvaluateRequest): Promise<EvaluationResult>');
  const undocumented = page.match(/^(\| \[`\w+`\]\(\S+\) \| +\||- \[`\w+`\]\(\S+\))$/gm) ?? [];
  expect(undocumented, 'write a comment where it is defined').toEqual([]);
  await expect(page).toMatchFileSnapshot(API_PAGE);
});

it('entries export every type that what they export names', () => {
  const { node, web } = library();
  expect(unexportedTypes(node, CORE)).toEqual([]);
  expect(unexportedTypes(node, INDEX)).toEqual([]);
  expect(unexportedTypes(web, WEB)).toEqual([]);
});

it('the examples of comments compile', () => {
  const { node, web } = library();
  expect([node.examples.length, web.examples.length].every((count) => count > 1)).toBe(true);
  expect([...faultyExamples(node), ...faultyExamples(web)]).toEqual([]);
});
