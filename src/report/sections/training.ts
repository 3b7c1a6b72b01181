import type { FigureDocument } from '../../figures/frame.ts';
import { trainingCurves } from '../../figures/training-curves.ts';
import { html } from '../markup.ts';
import type { ReportInput } from '../report-input.ts';
import { figure, figures, type Section } from '../section.ts';

/** How the model was trained, where the run trained it. */
export function trainingSection({ training = [] }: ReportInput, document: FigureDocument): Section | undefined {
  if (training.length < 2) return undefined;
  return { id: 'training', title: 'Training', short: 'Training', body: html`${figures(figure(trainingCurves(document, training), 'Loss and accuracy by epoch'))}` };
}
