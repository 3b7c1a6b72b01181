import { accuracyCompared } from '../../figures/accuracy-compared.ts';
import type { FigureDocument } from '../../figures/document.ts';
import { trainingCurves } from '../../figures/training-curves.ts';
import { withAbsent } from '../absent.ts';
import { changedClasses } from '../changes/changed-classes.ts';
import { changedImages } from '../changes/changed-images.ts';
import { changesTable } from '../changes/changes-table.ts';
import { factList, headlineBox, noteBox } from '../components.ts';
import { html, type Markup } from '../markup.ts';
import { renderPage, UPPER_BOUND } from '../page.ts';
import { figure, figures, type Section } from '../section.ts';
import { changedLandscapesSection } from './changed-landscapes.ts';
import {
  changeRows,
  hardestAttack,
  verdict,
  writtenWords,
  type HardeningReport,
  type HardeningViews,
} from './hardening-report.ts';
import { formatCount, formatDuration, formatPercent } from '../../notation/numbers.ts';

/**
 * The report of a hardening as one HTML file: accuracies before and after, what was won and lost, how it went.
 * @param document to draw figures on; nothing is left on it
 */
export function renderHardeningHtml(
  report: HardeningReport,
  document: FigureDocument,
  views: HardeningViews = { won: [], lost: [], landscapes: [] },
): string {
  const { model, data, test, gimbal } = report;
  const labels = data.labels === 'none' ? ' without labels, towards its own answers' : '';
  return renderPage({
    title: `${model.name}, hardened`,
    heading: `${model.name}, hardened`,
    about:
      `trained on ${formatCount(data.images)} images of ${data.name}${labels}; ` +
      `measured on ${formatCount(test.n)} images of ${test.name}`,
    made: views.made,
    opening: [headline(report), notes(report)],
    sections: [
      changesSection(report, document),
      ...withAbsent([
        [imagesSection(report, views), { what: 'Images won and lost', why: 'the hardest attack sees none otherwise' }],
        [classesSection(report, views), { what: 'By class', why: 'all images measured on are of one class' }],
        [
          changedLandscapesSection(views, document),
          { what: 'The loss over angle and shift', why: 'it is shown of images won and lost, of which there are none' },
        ],
        [
          curvesSection(report, document),
          { what: 'Natural accuracy against robustness', why: 'no epoch was trained', how: '--set epochs=8' },
        ],
      ]),
      settingsSection(report),
    ],
    gimbal,
    footnote: UPPER_BOUND,
  });
}

function headline(report: HardeningReport): Markup {
  const rows = changeRows(report);
  const hardest = rows.find(({ attack }) => attack === hardestAttack(rows.map((row) => row.attack)));
  if (hardest === undefined) return html`<p>${verdict(report)}</p>`;
  const { attack, before, after } = hardest;
  return headlineBox(
    [
      { label: `${attack}, before`, value: formatPercent(before.accuracy), kind: 'first' },
      { label: `${attack}, after`, value: formatPercent(after.accuracy), kind: 'second' },
    ],
    verdict(report),
  );
}

function notes({ data, test }: HardeningReport): Markup | undefined {
  const lines = [
    ...(data.labels === 'none'
      ? [
          'There are no labels: an image counts as right where the answer agrees with ' +
            'what the original model answered to the image as it is.',
        ]
      : []),
    ...(test.from === 'heldOut'
      ? [
          'The images measured on were held out of the training data and also chose the epoch, ' +
            'so the figures flatter a little.',
        ]
      : []),
  ];
  if (lines.length === 0) return undefined;
  return noteBox(lines.map((line) => html`<p>${line}</p>`));
}

function changesSection(report: HardeningReport, document: FigureDocument): Section {
  const rows = changeRows(report);
  const bars = accuracyCompared(
    document,
    rows.map(({ attack }) => attack),
    [
      { name: 'before', attacks: rows.map(({ attack, before }) => ({ name: attack, ...before })) },
      { name: 'after', attacks: rows.map(({ attack, after }) => ({ name: attack, ...after })) },
    ],
  );
  const how =
    'Won: images right afterwards that were wrong before. ' +
    'Intervals of changes: Newcombe (1998), for paired proportions. ' +
    'The reports of both evaluations, with the images that fool, lie beside this file:';
  const links = html`<a href="before/report.html">before</a>, <a href="after/report.html">after</a>`;
  const body = html`
    ${changesTable(
      rows.map(({ before, after, ...row }) => ({ ...row, before: before.accuracy, after: after.accuracy })),
      ['Before', 'After'],
    )}
    <p class="quiet small after">${how} ${links}.</p>
    ${figures(figure(bars, 'Before and after', 'Accuracy under each attack with its 95 % interval.'))}`;
  return { id: 'changes', title: 'What changed', short: 'Changes', body };
}

/** Pictures of images that hardening won and of those that it lost. */
function imagesSection({ images }: HardeningReport, { won, lost, classNames }: HardeningViews): Section | undefined {
  if (images === undefined || won.length + lost.length === 0) return undefined;
  const body = html`
    <p>Under ${images.attack}. Images won are shown with what fooled the model before and no longer does; images
      lost with what fools it now.
      The first ones are shown that both models see right as they are; all indices stand in result.json.</p>
    ${changedImages({ won: images.won, lost: images.lost, shownWon: won, shownLost: lost }, classNames)}`;
  return { id: 'images', title: 'Images won and lost', short: 'Images', body };
}

function classesSection(
  { classes = [], images }: HardeningReport,
  { classNames }: HardeningViews,
): Section | undefined {
  const body = images && changedClasses(images.attack, classes, classNames, ['before', 'after']);
  return body && { id: 'classes', title: 'By class', short: 'Classes', body };
}

function curvesSection(report: HardeningReport, document: FigureDocument): Section | undefined {
  const { baseline, epochs } = report;
  if (epochs.length === 0) return undefined;
  const start = baseline === undefined ? [] : [{ epoch: 0, loss: epochs[0].loss, ...baseline }];
  const body = figures(
    figure(
      trainingCurves(document, [...start, ...epochs]),
      'Loss and accuracy over the run',
      `On held-out images; 0 is the model as it came. ${writtenWords(report)}`,
    ),
  );
  return { id: 'curves', title: 'Natural accuracy against robustness', short: 'Curves', body };
}

function settingsSection({ settings, command, seconds }: HardeningReport): Section {
  const facts = Object.entries(settings).map(([name, value]) => [name, String(value)] as const);
  const same = 'The same command with the same number of threads ends with the same model.';
  const body = html`
    <p>It took ${formatDuration(seconds)}. ${same}</p>
    <pre><code>${command}</code></pre>
    ${factList(facts)}`;
  return { id: 'settings', title: 'Settings and how to repeat it', short: 'Settings', body };
}
