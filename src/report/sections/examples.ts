import { PAPER_GRID } from '../../sets/grid.ts';
import { attackOf } from '../attack-of.ts';
import { formatLoss } from '../../figures/format.ts';
import { html, type Markup } from '../markup.ts';
import type { Example, ReportInput } from '../report-input.ts';
import type { Section } from '../section.ts';
import { className, describeGrid, describeTransformation } from '../words.ts';

/** The images that fool: the original beside the transformation that fools. */
export function examplesSection(input: ReportInput): Section | undefined {
  const { examples = [], classNames } = input;
  if (examples.length === 0) return undefined;
  const body = html`
    <p>Each image is classified right as it is (left) and wrong once it is transformed (right). ${whichTransformation(examples, input)}
      The first fooled images of each class are shown, not the most striking ones.</p>
    <ul class="examples">${examples.map((example) => exampleCard(example, classNames))}</ul>`;
  return { id: 'examples', title: 'Images that fool the model', short: 'Images', body };
}

/** What the transformations in the pictures are, in a sentence for each kind. */
function whichTransformation(examples: readonly Example[], { setting }: ReportInput): string {
  const [{ attack }] = examples;
  const has = (wanted: Example['kind']): boolean => examples.some(({ kind }) => kind === wanted);
  const grid = describeGrid(setting.grid ?? PAPER_GRID, attackOf(attack, setting).subset);
  const smallest =
    `Shown is the smallest of ${grid} that fools, each measured by the largest share of a limit that it takes: ` +
    'these images were searched again, since an attack ends at the first one that fools.';
  const found =
    setting.vote === undefined
      ? `the one that ${attack} ended with, where no smaller one of the grid was found`
      : `the one that ${attack} chose, at which the vote was asked afresh`;
  return has('smallest') ? `${smallest}${has('found') ? ` “Found” is ${found}.` : ''}` : `Shown is ${found}.`;
}

const KIND = { smallest: 'Smallest that fools', found: 'Found' } as const;

/** One image: as it is and transformed, with both predictions. */
export function exampleCard(example: Example, classNames: readonly string[] | undefined): Markup {
  const before = className(example.prediction, classNames);
  const after = className(example.predicted, classNames);
  const { index, file } = example;
  return html`
    <li class="example">
      <div class="pair">
        <div>${picture(example.original, `Image ${index} as it is`)}<b class="natural">${before}</b></div>
        <div>${picture(example.transformed, `Image ${index} transformed`)}<b class="worst">${after}</b></div>
      </div>
      <p>${KIND[example.kind]}: ${describeTransformation(example.transformation)}<br>loss ${formatLoss(example.loss)} · ${
        file === undefined ? `image ${index}` : html`<span class="file">${file}</span>`
      }</p>
    </li>`;
}

/** Pictures of a few pixels are blown up as they are; PNG is what those are kept as. */
export function picture(url: string, description: string): Markup {
  return html`<img${url.startsWith('data:image/png') ? html` class="tiny"` : undefined} src="${url}" alt="${description}" loading="lazy">`;
}
