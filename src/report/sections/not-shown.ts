import { type Absent, absentSection, withFlags } from '../absent.ts';
import { worstAttack, worstSpatial } from '../headline.ts';
import type { ReportInput } from '../report-input.ts';
import type { Section } from '../section.ts';

/** Evaluations up to which trying everything is proposed for all images of the run. */
const BEARABLE = 1e6;
/** Images on which it is proposed where it would take more. */
const SAMPLE = 200;

/** What the report of an evaluation leaves out. @param shown identities of the sections that it has */
export function notShownSection(input: ReportInput, shown: ReadonlySet<string>): Section | undefined {
  return absentSection(Object.entries(REASONS).flatMap(([id, reason]) => (shown.has(id) ? [] : (reason(input) ?? []))));
}

type Reason = (input: ReportInput) => Absent | undefined;

/** By the identity of the section. */
const REASONS: Readonly<Record<string, Reason>> = {
  tolerance: ({ command }) => ({
    what: 'How far each image can be turned and shifted',
    why: 'no attack looked for the smallest transformation that fools',
    how: withFlags(command, '--attacks tolerance,tolerance:rotation'),
  }),
  examples(input) {
    const what = 'Images that fool the model';
    const worst = worstSpatial(input);
    if (worst === undefined) return { what, why: 'no attack moved the image', how: moved(input) };
    const natural = input.result.attacks.natural;
    if (natural !== undefined && worst.summary.correct >= natural.correct)
      return { what, why: 'no image that is right as it is was fooled' };
    return { what, why: 'none were asked for', how: withFlags(input.command, '--examples 24', { measured: false }) };
  },
  classes(input) {
    const what = 'Accuracy by class, and what each is taken for';
    if (worstAttack(input) === undefined)
      return { what, why: 'no attack ran that could tell classes apart', how: moved(input) };
    return { what, why: 'all images are of one class' };
  },
  grid(input) {
    const what = 'Accuracy over the angle and over the shift';
    if (worstSpatial(input) === undefined) return { what, why: 'no attack moved the image', how: moved(input) };
    if (input.setting.vote !== undefined) return { what, why: 'the vote draws its answers anew each time' };
    return { what, why: 'it would have cost more than an eighth of the run', how: exhaustively(input) };
  },
  'whole-grid'({ grids = [], setting, ...input }) {
    if (grids.length > 0 || setting.vote !== undefined || input.slices === undefined) return undefined;
    return {
      what: 'Angle and shift together, and how much of the grid fools',
      why: 'only every point of the grid on every image tells',
      how: exhaustively({ setting, ...input }),
    };
  },
  landscapes(input) {
    const what = 'The loss over angle and shift';
    if (input.setting.vote !== undefined) return { what, why: 'a vote draws its answers anew and has no one loss' };
    if ((input.examples ?? []).length === 0) return { what, why: 'it is shown of images that fool' };
    const how = withFlags(input.command, '--landscapes 3', { measured: false });
    return { what, why: 'it would have cost more than an eighth of the run', how };
  },
  comparison({ command, result }) {
    if (Object.keys(result.attacks).every((name) => name === 'natural')) return undefined;
    return {
      what: 'Gradient against exhaustive search',
      why: 'first-order did not run beside another search',
      how: withFlags(command, '--attacks worst-of-10,grid,first-order'),
    };
  },
  epsilon: ({ command }) => ({
    what: 'Pixel noise, alone and under transformations',
    why: 'no attack on pixels with a radius ran',
    how: withFlags(command, '--attacks worst-of-10,pgd-linf@2/255,pgd-linf@8/255,combined@2/255,combined@8/255'),
  }),
  certificates: ({ command }) => ({
    what: 'What is proved of each image',
    why: 'certificates are a command of their own',
    how: certifying(command),
  }),
  baseline: ({ command }) => ({
    what: 'This run beside an earlier one, image by image',
    why: 'no earlier run was named',
    how: withFlags(command, '--baseline RUN', { measured: false }),
  }),
};

function moved({ command }: ReportInput): string {
  return withFlags(command, '--attacks random,worst-of-10,grid');
}

/** The model and the data of the run, given to `gimbal certify`. */
function certifying(command: string): string {
  const [, model, data] = /^gimbal evaluate ('[^']*'|[^\s-]\S*) .*?--data[ =]('[^']*'|\S+)/.exec(command) ?? [];
  return data === undefined ? 'gimbal certify MODEL --data SOURCE' : `gimbal certify ${model} --data ${data}`;
}

function exhaustively({ command, result: { evaluations, n } }: ReportInput): string {
  return evaluations.exhaustive > BEARABLE && n > SAMPLE
    ? withFlags(command, `--exhaustive --limit ${SAMPLE} --spread`)
    : withFlags(command, '--exhaustive');
}
