import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { PartResult } from '../applications/study/part-result.ts';
import { savedResult, savedTraining, type SavedTraining } from '../applications/study/saved-results.ts';
import { attackSummarySchema } from '../evaluation/record-schema.ts';
import type { AttackSummary, Rate } from '../evaluation/records.ts';
import { nodePlatform } from '../node/platform.ts';
import { modelPath, shippedModels } from '../node/runtime/shipped-models.ts';
import { SAVED_RESULTS } from '../node/saved-results.ts';
import { nativeSha256Of } from '../node/sha256.ts';
import { partsOf, type Study, type StudyRow, type TrainedClassifier } from '../studies/study.ts';
import { recipeNamed } from '../training/recipes/index.ts';
import { RecipeSchema, TrainingSchema, withoutGone } from '../training/recipes/recipe.ts';
import { formatCount, formatInterval, formatPoints } from '../notation/numbers.ts';

/** `models/README.md`: a card for each shipped model, every figure from `results/`. */
export async function modelCards(studies: readonly Study[]): Promise<string> {
  const names = await shippedModels();
  const cards: Card[] = [];
  for (const study of studies) {
    for (const classifier of study.classifiers) {
      const name = `${study.name}-${classifier.name}`;
      const training = await savedTraining({ platform: nodePlatform, study, results: SAVED_RESULTS }, classifier);
      if (training === undefined || !names.includes(name)) continue;
      cards.push({
        name,
        study,
        classifier,
        training,
        parts: await measuredParts(study, classifier, training),
        bytes: await readFile(await modelPath(name)),
      });
    }
  }
  const hardened = await Promise.all((await hardenedNames()).map(readHardened));
  const others = `Hardened from one of these: ${hardened.map(({ name }) => linkTo(name)).join(', ')}.\n`;
  return [INTRODUCTION, overview(cards), others, ...cards.map(cardText), ...hardened.map(hardenedCard)].join('\n');
}

/** As the file is, or what is added at inference. */
const FORMS = ['alone', 'mirrored', 'voted'] as const;
type Form = (typeof FORMS)[number];

interface Card {
  readonly name: string;
  readonly study: Study;
  readonly classifier: TrainedClassifier;
  readonly training: SavedTraining;
  /** By form, those of most images first. */
  readonly parts: readonly { readonly form: Form; readonly result: PartResult }[];
  readonly bytes: Uint8Array;
}

const INTRODUCTION = `# Trained models

Plain ONNX files for inference that any ONNX runtime runs: \`input\` [batch, channels, height, width], raw pixels in
[0, 1], the normalisation inside; \`logits\` [batch, classes]. Recipe, settings and limits stand in each file's
metadata. Wherever Gimbal takes a model, it takes the name of one of these too: \`gimbal evaluate mnist-w10-30 --data
mnist\`; a path of that name wins.

Accuracies in percent, with 95 % Wilson intervals and the number of test images. Rotations up to 30°, shifts up to 3
px. The vote is that of ten random transformations, fresh for every query and on top of the attack's: judged once more
where the attack chose, or right in every query of the search; mirrored: the mean over an image and its mirror image
(\`--mirror\`). All figures stand in [results](../results), from which this page is made.
`;

const LIMITS =
  'Limits of use: images like those of the data set it was trained on, nothing else. ' +
  'What is withstood was measured for these rotations and shifts; none of it is certified, ' +
  'and nothing is claimed for other changes of the image.';

async function measuredParts(
  study: Study,
  classifier: TrainedClassifier,
  training: SavedTraining,
): Promise<Card['parts']> {
  const found: { form: Form; result: PartResult }[] = [];
  for (const { row, part } of partsOf(study, classifier)) {
    const result = await savedResult({ platform: nodePlatform, study, results: SAVED_RESULTS }, row, part, training);
    if (result !== undefined) found.push({ form: formOf(row), result });
  }
  return FORMS.flatMap((form) => found.filter((part) => part.form === form).sort((a, b) => b.result.n - a.result.n));
}

function formOf({ mirror, vote }: StudyRow): Form {
  if (vote !== undefined) return 'voted';
  return mirror ? 'mirrored' : 'alone';
}

/**
 * What a recipe's `reached` is to say by `results/`: accuracies of the classifier as it is, with the number of test
 * images.
 */
export async function reachedByResults(study: Study, classifier: TrainedClassifier): Promise<string | undefined> {
  const training = await savedTraining({ platform: nodePlatform, study, results: SAVED_RESULTS }, classifier);
  if (training === undefined) return undefined;
  const alone = (await measuredParts(study, classifier, training)).filter(({ form }) => form === 'alone');
  const accuracies = ['natural', 'worst-of-10', 'grid', 'first-order'].flatMap((attack) => {
    const [best] = alone.flatMap(({ result }) => result.attacks[attack] ?? []);
    return best === undefined ? [] : [`${attack} ${formatPoints(best.accuracy)} (n = ${formatCount(best.n)})`];
  });
  return (
    `${accuracies.join(', ')}; seed ${training.seed}; ${Math.max(1, Math.round(training.seconds / 60))} min of ` +
    `${training.machine}`
  );
}

function overview(cards: readonly Card[]): string {
  const columns = ['natural', 'worst-of-10', 'grid', 'first-order'];
  const cell = (card: Card, attack: string, wanted: Form): string => {
    const summary = card.parts.find(({ form, result }) => form === wanted && attack in result.attacks)?.result.attacks[
      attack
    ];
    return summary === undefined ? '–' : `${formatPoints(summary.accuracy)} (${summary.n})`;
  };
  return [
    `| model | ${columns.join(' | ')} | grid, mirrored | grid, voted |`,
    `|---|${columns.map(() => '--:').join('|')}|--:|--:|`,
    ...cards.map(
      (card) =>
        `| ${linkTo(card.name)} | ` +
        `${columns.map((attack) => cell(card, attack, 'alone')).join(' | ')} | ${cell(card, 'grid', 'mirrored')} ` +
        `| ${cell(card, 'grid', 'voted')} |`,
    ),
    '',
  ].join('\n');
}

/** To the card of a model. */
function linkTo(name: string): string {
  return `[${name}](#${name}onnx)`;
}

function cardText({ name, study, classifier, training, parts, bytes }: Card): string {
  const settings = RecipeSchema.parse(withoutGone(training.settings));
  const last = training.epochs[training.epochs.length - 1];
  const heldOut =
    last?.natural === undefined
      ? ''
      : ` (${last.heldOut} held out: natural ${formatPoints(last.natural)}, ` +
        `worst-of-10 ${formatPoints(last.worstOf10!)})`;
  const commands = [...new Set(parts.map(({ result }) => result.command))];
  return [
    `## ${name}.onnx`,
    '',
    `${recipeNamed(classifier.recipe).reproduces}.`,
    '',
    '| | |',
    '|---|---|',
    `| recipe | [\`${classifier.recipe}\`](../src/training/recipes/${classifier.recipe}.ts): ` +
      `\`${settings.architecture}\` of depth ${settings.depth} and width ${settings.width}, ` +
      `${formatCount(training.parameters)} numbers, ${settings.epochs} epochs |`,
    `| data | ${study.data}, training images${heldOut} |`,
    `| seed | ${training.seed} |`,
    `| time | ${Math.round(training.seconds / 60)} min of wall clock |`,
    `| machine | ${training.machine} |`,
    fileRow(bytes),
    '',
    ...(parts.length === 0
      ? ['Not measured on test images yet.']
      : ['| attack | accuracy | interval | images |', '|---|--:|--:|--:|']),
    // Several parts measure natural accuracy, some of them on the same images.
    ...new Set(
      parts.flatMap(({ form, result }) =>
        Object.entries(result.attacks).flatMap(([attack, summary]) =>
          lines(form === 'alone' ? attack : `${attack}, ${form}`, summary),
        ),
      ),
    ),
    '',
    LIMITS,
    '',
    ...(commands.length === 0
      ? []
      : [
          `To repeat: ${commands.map((command) => `\`${command}\``).join(', ')}; without training: ` +
            `\`gimbal reproduce ${study.name} --shipped --only ${classifier.name}\`.`,
          '',
        ]),
  ].join('\n');
}

/** Where the results of models lie that were made by `gimbal harden`: a folder for each. */
const HARDENED_RESULTS = join(SAVED_RESULTS, 'hardened');

/** `result.json` of the hardening, as far as the card needs it. */
const HardeningSchema = z.looseObject({
  command: z.string(),
  model: z.looseObject({ name: z.string() }),
  data: z.looseObject({ images: z.int() }),
  settings: TrainingSchema,
  updates: z.int(),
  bestEpoch: z.int(),
  before: z.record(z.string(), attackSummarySchema),
  after: z.record(z.string(), attackSummarySchema),
  seconds: z.number(),
  machine: z.string(),
});

interface Hardened {
  readonly name: string;
  readonly hardening: z.output<typeof HardeningSchema>;
  readonly bytes: Uint8Array;
}

async function hardenedNames(): Promise<string[]> {
  return (await readdir(HARDENED_RESULTS)).sort();
}

async function readHardened(name: string): Promise<Hardened> {
  const text = await readFile(join(HARDENED_RESULTS, name, 'hardening.json'), 'utf8');
  return {
    name,
    hardening: HardeningSchema.parse(JSON.parse(text)),
    bytes: await readFile(await modelPath(name)),
  };
}

function hardenedCard({ name, hardening, bytes }: Hardened): string {
  const { settings, before, after } = hardening;
  const changes = Object.keys(after).map((attack) => {
    const [old, now] = [before[attack], after[attack]];
    return (
      `| ${attack} | ${formatPoints(old.accuracy)} | ${formatPoints(now.accuracy)} | ` +
      `${formatInterval(now.interval)} | ${formatCount(now.n)} |`
    );
  });
  return [
    `## ${name}.onnx`,
    '',
    `${hardening.model.name} hardened: ${settings.objective} (λ ${settings.lambda}, worst of ` +
      `${settings.candidates}), ` +
      `rotations up to ${settings.rotation}°, shifts up to ${settings.translation} px, ` +
      `${settings.interpolation} sampling.`,
    '',
    '| | |',
    '|---|---|',
    `| data | ${formatCount(hardening.data.images)} training images, ${formatCount(hardening.updates)} updates |`,
    `| seed | ${settings.seed} |`,
    `| time | ${Math.round(hardening.seconds / 60)} min of wall clock, with both measurements |`,
    `| machine | ${hardening.machine} |`,
    fileRow(bytes),
    '',
    '| attack, bilinear | before | after | interval | images |',
    '|---|--:|--:|--:|--:|',
    ...changes,
    '',
    'Limits of use: images like those of the data set it was trained on, nothing else. What is proved of it: ' +
      '[docs/certify.md](../docs/certify.md#measured).',
    '',
    `To repeat: \`${hardening.command}\`.`,
    '',
  ].join('\n');
}

function fileRow(bytes: Uint8Array): string {
  return `| file | ${formatCount(bytes.length)} bytes, SHA-256 \`${nativeSha256Of(bytes)}\` |`;
}

function lines(attack: string, summary: AttackSummary): string[] {
  return [
    line(attack, summary),
    ...(summary.everyQuery === undefined ? [] : [line(`${attack}, every query right`, summary.everyQuery)]),
  ];
}

function line(attack: string, rate: Rate): string {
  return `| ${attack} | ${formatPoints(rate.accuracy)} | ${formatInterval(rate.interval)} | ${formatCount(rate.n)} |`;
}
