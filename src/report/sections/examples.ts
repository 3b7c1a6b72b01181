import { PAPER_GRID } from '../../sets/grid.ts';
import { attackOf } from '../attack-of.ts';
import { SWEEP_STEPS } from '../../sets/sweep.ts';
import { type Content, html, type Markup, trusted } from '../markup.ts';
import type { Example, ReportInput } from '../report-input.ts';
import type { Section } from '../section.ts';
import { className, describeGrid, describeTransformation } from '../words.ts';
import { frameWords, shownFrame, sweepControl, turns } from './sweep.ts';
import { formatLoss } from '../../notation/numbers.ts';

/** The images that fool: the original beside the transformation that fools. */
export function examplesSection(input: ReportInput): Section | undefined {
  const { examples = [], classNames } = input;
  if (examples.length === 0) return undefined;
  const body = html`
    <p>Each image is classified right as it is (left) and wrong once it is transformed (right).
      ${whichTransformation(examples, input)}
      The first fooled images of each class are shown, not the most striking ones.</p>
    ${sweepWords(examples)}
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

/** What the bars and sliders are. */
function sweepWords(examples: readonly Example[]): Markup | undefined {
  const swept = examples.flatMap(({ frames }) => (frames === undefined ? [] : [frames]));
  if (swept.length === 0) return undefined;
  const each = swept.length < examples.length ? `each of the first ${swept.length} images` : 'each image';
  const kinds = [...new Set(swept.map(turns))].map((turned) =>
    turned
      ? 'angles from one limit to the other, at the shift that is told'
      : 'shifts from one limit to the other, on the line of the one that is told',
  );
  return html`<p>The bars below ${each} stand for ${SWEEP_STEPS} ${kinds.join(', or ')}, and for the one that is told
      (dotted): high where
      the model is wrong. A slider shows the image at every bar. The percentage is the probability that the model
      gives to the true class.</p>`;
}

const KIND = { smallest: 'Smallest that fools', found: 'Found' } as const;

/** One image: as it is and transformed, with both predictions. */
export function exampleCard(example: Example, classNames: readonly string[] | undefined): Markup {
  const before = className(example.prediction, classNames);
  const { index, file } = example;
  return html`
    <li class="example">
      <div class="pair">
        <div>${picture(example.original, `Image ${index} as it is`)}<b class="natural">${before}</b></div>
        <div>${pictures(example, classNames)}</div>
      </div>${sweepControl(example)}
      <p>${words(example, classNames)}${
        file === undefined ? `image ${index}` : html`<span class="file">${file}</span>`
      }</p>
    </li>`;
}

/** The transformed image, frame by frame where there are frames: one is there to see, the script shows others. */
function pictures(example: Example, names: readonly string[] | undefined): Content {
  const { index, label, frames, predicted, transformed } = example;
  if (frames === undefined) {
    const shown = picture(transformed, `Image ${index} transformed`);
    return html`${shown}<b class="worst">${className(predicted, names)}</b>`;
  }
  return frames.map((frame, i) => {
    const verdict = frame.predicted === label ? 'natural' : 'worst';
    const shown = picture(frame.picture, `Image ${index}, ${describeTransformation(frame.transformation)}`, 'eager');
    const answer = className(frame.predicted, names);
    return html`<div${ofFrame(i, example)}>${shown}<b class="${verdict}">${answer}</b></div>`;
  });
}

/** What is told below the pictures, before the image's name; of each frame where there are frames. */
function words(example: Example, names: readonly string[] | undefined): Content {
  const { frames, kind, transformation, loss } = example;
  if (frames === undefined)
    return html`${KIND[kind]}: ${describeTransformation(transformation)}<br>loss ${formatLoss(loss)} · `;
  const at = shownFrame(example);
  return frames.map((frame, i) => {
    const what = i === at ? `${KIND[kind]}: ` : '';
    return html`<span${ofFrame(i, example)}>${what}${frameWords(frame, example, names)}<br></span>`;
  });
}

/** By what the script knows the parts of a frame; all but one frame's are hidden at first. */
function ofFrame(frame: number, example: Example): Markup {
  return html` data-frame="${frame}"${frame === shownFrame(example) ? undefined : trusted(' hidden')}`;
}

/** Pictures of a few pixels are blown up as they are; PNG is what those are kept as. */
export function picture(url: string, description: string, loading: 'lazy' | 'eager' = 'lazy'): Markup {
  const tiny = url.startsWith('data:image/png') ? html` class="tiny"` : undefined;
  return html`<img${tiny} src="${url}" alt="${description}" loading="${loading}">`;
}
