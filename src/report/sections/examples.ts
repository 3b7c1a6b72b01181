import { formatLoss } from '../../figures/format.ts';
import { html, type Markup } from '../markup.ts';
import type { Example, ReportInput } from '../report-input.ts';
import type { Section } from '../section.ts';
import { className, describeTransformation } from '../words.ts';

/** The images that fool: the original beside its worst transformation. */
export function examplesSection({ examples = [], classNames }: ReportInput): Section | undefined {
  if (examples.length === 0) return undefined;
  const body = html`
    <p>Each image is classified right as it is (left) and wrong after the worst transformation that <code>${examples[0].attack}</code> found (right).
      The first fooled images of each class are shown, not the most striking ones.</p>
    <ul class="examples">${examples.map((example) => exampleCard(example, classNames))}</ul>`;
  return { id: 'examples', title: 'Images that fool the model', short: 'Images', body };
}

/** One image: as it is and transformed, with both predictions. */
export function exampleCard(example: Example, classNames: readonly string[] | undefined): Markup {
  const before = className(example.prediction, classNames);
  const after = className(example.predicted, classNames);
  return html`
    <li class="example">
      <div class="pair">
        <div>${image(example.original, `Image ${example.index} as it is`)}<b class="natural">${before}</b></div>
        <div>${image(example.transformed, `Image ${example.index} transformed`)}<b class="worst">${after}</b></div>
      </div>
      <p>${describeTransformation(example.worst)}<br>loss ${formatLoss(example.loss)} · image ${example.index}</p>
    </li>`;
}

/** Pictures of a few pixels are blown up as they are; PNG is what those are kept as. */
function image(url: string, description: string): Markup {
  return html`<img${url.startsWith('data:image/png') ? html` class="tiny"` : undefined} src="${url}" alt="${description}" loading="lazy">`;
}
