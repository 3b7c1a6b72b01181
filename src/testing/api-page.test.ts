import { expect, it } from 'vitest';
import { API_PAGE, apiPage } from './api-page.ts';

it('docs/api.md says what the sources say', async () => {
  const page = apiPage();
  expect(page).toContain('evaluate(request: EvaluateRequest): Promise<EvaluationResult>');
  const undocumented = page.match(/^(\| \[`\w+`\]\(\S+\) \| +\||- \[`\w+`\]\(\S+\))$/gm) ?? [];
  expect(undocumented, 'write a comment where it is defined').toEqual([]);
  await expect(page).toMatchFileSnapshot(API_PAGE);
});
