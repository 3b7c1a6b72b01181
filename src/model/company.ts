import { misuse } from '../errors/error.ts';
import type { Graph } from '../onnx/graph.ts';
import { isRuntimeFault, type Session } from '../runtime/runtime.ts';
import { largestOf, leastOf } from '../statistics/extremes.ts';
import type { ModelDescription } from './description.ts';
import { createEncoder } from './encoder.ts';
import { createInputBatch } from './input-batch.ts';
import { KINDS, type Kind, madeUpImage } from './made-up-images.ts';
import type { Preprocessing } from './preprocessing.ts';
import { valuesOf } from './scores.ts';

/** Whose scores are compared: a dark, an ordinary and a bright image. */
const SUBJECTS: readonly Kind[] = ['dark', 'natural', 'bright'];

/** What stands beside them: least, greatest, mean and spread of the batch all differ. */
const COMPANIONS: readonly Kind[] = ['black', 'white', 'noise', 'stripes'];

/** A batch with company on both sides. */
const SMALL = 3;

/**
 * How far scores may move with the place and the number of images, as a part of the spread of all scores: other
 * products are summed in another order, and float16 and quantised values take the other of two steps.
 */
const ROUNDING = 1e-3;
const COARSE_ROUNDING = 0.05;

/** Operators that take a scale from all values that they get, those of other images included. */
const SCALED_BY_BATCH = new Set(['DynamicQuantizeLinear', 'DynamicQuantizeMatMul', 'DynamicQuantizeLSTM']);

/** Operators whose amount of work depends on values: their sums may be cut otherwise beside other images. */
const SIZED_BY_VALUES = new Set(['NonZero', 'Compress', 'Unique', 'If', 'Loop', 'Scan']);

export type Dependence =
  /** An image's scores are its own. */
  | 'none'
  /** They move with the images beside it, its place or their number. */
  | 'company'
  /** Two equal runs give different ones. */
  | 'chance';

/**
 * Finds out whether an image's scores depend on anything but the image: it is run twice, alone, in one place beside
 * different images, in different places, and in a batch as large as will be used.
 *
 * In one place of batches of one size the same products are summed in the same order, whatever else is in the batch:
 * the scores must be equal bit for bit. Only where place or number change, rounding is allowed for.
 *
 * @param batch images that will run together
 * @throws misuse `batch-decides` where scores of an image that is alone tell nothing of it, although they do in company
 */
export async function dependence(
  session: Session,
  graph: Graph,
  description: ModelDescription,
  preprocessing: Preprocessing,
  batch: number,
): Promise<Dependence> {
  const { input, output } = description;
  const fixed = input.batch === 'free' ? undefined : input.batch;
  const size = fixed ?? (batch === 2 || isEnormous(input.dims) ? Math.min(batch, SMALL) : SMALL);
  const run = runner(session, description, preprocessing, Math.max(size, fixed ?? batch));
  const twice = await inTurn([0, 1], () => run(rowOf(size, 'noise', ['natural', Math.min(1, size - 1)])));
  if (!areEqual(twice[0], twice[1], 0)) return 'chance';
  if (size === 1) return 'none';
  const alone = fixed === undefined ? await inTurn(SUBJECTS, async (kind) => (await run([kind]))[0]) : undefined;
  const found =
    graph.nodes.some(({ opType }) => SCALED_BY_BATCH.has(opType)) ||
    (await movesInCompany(run, size, graph, alone, fixed ?? batch));
  if (found === 'chance') return 'chance';
  if (found && alone !== undefined && areEqual(alone, [alone[0], alone[0], alone[0]], 0)) {
    throw misuse({
      code: 'batch-decides',
      subject: `model output '${output.name}'`,
      problem:
        'says the same of every image that is alone in its batch, and something else beside others: ' +
        'it sets the images of a batch against each other, as a Softmax or norm over the first axis does.',
      advice: 'Export the model with scores normalised over the classes (in PyTorch: dim=1), in inference mode.',
    });
  }
  return found ? 'company' : 'none';
}

type Row = Float64Array;
type Run = (kinds: readonly Kind[]) => Promise<Row[]>;

async function movesInCompany(
  run: Run,
  size: number,
  graph: Graph,
  alone: readonly Row[] | undefined,
  batch: number,
): Promise<boolean | 'chance'> {
  try {
    const tolerance = isCoarse(graph) ? COARSE_ROUNDING : ROUNDING;
    const exact = graph.nodes.some(({ opType }) => SIZED_BY_VALUES.has(opType)) ? tolerance : 0;
    const companions = size > 8 ? COMPANIONS.slice(0, 2) : COMPANIONS;
    // Of two places one is left for company: it stands behind the subject, then before it.
    const places = size > 2 ? [1] : [0, 1];
    const beside: Row[] = [];
    for (const subject of SUBJECTS) {
      for (const place of places) {
        const rows = await inTurn(
          companions,
          async (companion) => (await run(rowOf(size, companion, [subject, place])))[place],
        );
        if (
          !areEqual(
            rows,
            rows.map(() => rows[0]),
            exact,
          )
        )
          return true;
        if (place === places[0]) beside.push(rows[0]);
      }
    }
    const expected = alone ?? beside;
    if (!areEqual(expected, beside, tolerance)) return true;
    const last = await inTurn(SUBJECTS, async (kind) => (await run(rowOf(size, 'figure', [kind, size - 1])))[size - 1]);
    if (!areEqual(expected, last, tolerance)) return true;
    if (batch <= size) return false;
    const spots = SUBJECTS.map((_, i) => Math.floor((i * (batch - 1)) / (SUBJECTS.length - 1)));
    const many = Array.from({ length: batch }, (_, i) => SUBJECTS[spots.indexOf(i)] ?? KINDS[i % KINDS.length]);
    const large = await inTurn([0, 1], () => run(many));
    if (!areEqual(large[0], large[1], 0)) return 'chance';
    return !areEqual(
      expected,
      spots.map((spot) => large[0][spot]),
      tolerance,
    );
  } catch (error) {
    // Some numbers of images do not run together.
    if (isRuntimeFault(error)) return true;
    throw error;
  }
}

/** A batch of one companion, with a subject in its place. */
function rowOf(size: number, companion: Kind, [subject, place]: readonly [Kind, number]): Kind[] {
  return Array.from({ length: size }, (_, i) => (i === place ? subject : companion));
}

/** Images of which not even two are run together for a trial, in values. */
function isEnormous(dims: readonly number[]): boolean {
  return dims.reduce((product, dim) => product * dim, 1) > 2 ** 22;
}

function isCoarse({ nodes, initializers }: Graph): boolean {
  return (
    nodes.some(({ opType }) => /Quantize|QLinear|Integer/.test(opType)) ||
    [...initializers.values()].some(({ type }) => type === 'float16' || type === 'bfloat16')
  );
}

function runner(
  session: Session,
  { input, output }: ModelDescription,
  preprocessing: Preprocessing,
  capacity: number,
): Run {
  const images = createInputBatch(input, createEncoder(input, preprocessing), capacity);
  return async (kinds) => {
    kinds.forEach((kind, i) => images.put(i, (raw) => madeUpImage(kind, input.shape, raw)));
    const results = await session.run({ [input.name]: images.tensor(kinds.length) }, [output.name]);
    const values = Float64Array.from(valuesOf(results[output.name]));
    const width = Math.floor(values.length / kinds.length);
    return kinds.map((_, i) => values.subarray(i * width, (i + 1) * width));
  };
}

async function inTurn<A, B>(items: readonly A[], work: (item: A) => Promise<B>): Promise<B[]> {
  const results: B[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}

/** @param tolerance as a part of the spread of `expected`; 0: bit for bit */
function areEqual(expected: readonly Row[], given: readonly Row[], tolerance: number): boolean {
  const finite = tolerance === 0 ? [] : expected.flatMap((row) => Array.from(row.filter(Number.isFinite)));
  const most = finite.length === 0 ? 0 : tolerance * (largestOf(finite) - leastOf(finite));
  return expected.every(
    (row, r) =>
      row.length === given[r].length &&
      row.every((value, i) => Object.is(value, given[r][i]) || Math.abs(value - given[r][i]) <= most),
  );
}
