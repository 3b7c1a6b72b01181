import { isSame } from '../../transform/transformation.ts';
import { html, type Markup } from '../markup.ts';
import type { Example, Frame } from '../report-input.ts';
import { className, describeTransformation } from '../words.ts';
import { formatLoss, formatNumber, formatPercent } from '../../notation/numbers.ts';

/**
 * The slider below an image and a bar for each of its frames, high where the model is wrong. Without a script the
 * slider is not there, the bars are. All that belongs to one frame carries its number, and the script shows one number.
 */
export function sweepControl({ frames = [], label, transformation }: Example): Markup | undefined {
  if (frames.length === 0) return undefined;
  const at = shownFrame({ frames, transformation });
  const wrong = frames.filter(({ predicted }) => predicted !== label).length;
  const bars = frames.map(({ predicted }, i) => {
    const kinds = [...(predicted === label ? [] : ['wrong']), ...(i === at ? ['at'] : [])];
    return html`<i class="${kinds.join(' ')}"></i>`;
  });
  const [from, to] = [frames[0], frames[frames.length - 1]].map((frame) => place(frame, frames));
  const told = `Wrong at ${wrong} of ${frames.length}, from ${from} to ${to}`;
  const what = turns(frames) ? 'Angle' : 'Shift';
  return html`
      <div class="sweep">
        <div class="bars" style="--n:${frames.length}" role="img" aria-label="${told}">${bars}</div>
        <input type="range" min="0" max="${frames.length - 1}" value="${at}" aria-label="${what}" hidden>
        <div class="ends" aria-hidden="true"><span>${from}</span><span>${to}</span></div>
      </div>`;
}

/** What is written below the picture of one frame: what was done to it, and what the model makes of it. */
export function frameWords(
  { transformation, predicted, loss }: Frame,
  { label }: Pick<Example, 'label'>,
  names: readonly string[] | undefined,
): Markup {
  const verdict = predicted === label ? 'right' : 'wrong';
  const probability = html`${formatPercent(Math.exp(-loss), 0)} for ${className(label, names)}`;
  return html`${describeTransformation(transformation)}<br>${verdict}, loss ${formatLoss(loss)}: ${probability}`;
}

/** The frame that is there without a script: the transformation that the report tells of. */
export function shownFrame({
  frames = [],
  transformation,
}: Pick<Example, 'frames' | 'transformation'>): number | undefined {
  const at = frames.findIndex((frame) => isSame(frame.transformation, transformation));
  return at < 0 ? undefined : at;
}

/** Whether the frames of a row are turned one after the other; else they are shifted. */
export function turns(frames: readonly Frame[]): boolean {
  return frames[0].transformation.angle !== frames[frames.length - 1].transformation.angle;
}

/** Where along its row a frame is: `−30°`; `2.1 px`, negative against the shift that was found. */
function place(frame: Frame, frames: readonly Frame[]): string {
  const { tx, ty, angle } = frame.transformation;
  if (turns(frames)) return `${formatNumber(angle, 1)}°`;
  return `${formatNumber((frame === frames[0] ? -1 : 1) * Math.hypot(tx, ty), 1)}\u00a0px`;
}
