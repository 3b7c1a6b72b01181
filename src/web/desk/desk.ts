import type { Target } from '../../attacks/attack.ts';
import { createAttack } from '../../attacks/create-attack.ts';
import { ATTACKS } from '../../attacks/registry.ts';
import { createAnswerer, requireScores } from '../../evaluation/answer.ts';
import { landscapeGrid, measureLandscape } from '../../evaluation/landscape.ts';
import { settle } from '../../evaluation/settle.ts';
import type { Classifier } from '../../model/classifier.ts';
import { coarseFirst } from '../../sets/grid.ts';
import { DEFAULT_WARP } from '../../transform/warp.ts';
import { locateWasm } from '../onnxruntime.ts';
import { fitPicture } from '../library/read-picture.ts';
import type { CallName, DeskCalls, Subject } from './messages.ts';
import { searchFeeding } from './search-feeding.ts';
import { OpenDesk } from './open-desk.ts';
import { factsOf, prepareFile } from './prepare-file.ts';

/** Answers one call. @param tell tells of what was found so far */
export type Answer<K extends CallName> = (
  given: DeskCalls[K]['given'],
  tell: (told: DeskCalls[K]['told']) => void,
  signal: AbortSignal,
) => Promise<DeskCalls[K]['result']>;

/** Images of a wave of the map for each worker, in batches: a wave is what a stop has to wait for. */
const BATCHES_AHEAD = 2;

/** What messages call the picture that is shown. */
const PICTURE = 'the picture';

/** What works on one model: reads it, tries it, and answers what the page asks about it. */
export function createDesk(): { readonly [K in CallName]: Answer<K> } {
  let desk: OpenDesk | undefined;
  const opened = (): OpenDesk => {
    if (desk === undefined) throw new Error('internal: a desk was asked before it was opened');
    return desk;
  };
  return {
    async open({ files, hints, warp = DEFAULT_WARP, wasm }) {
      locateWasm(wasm);
      const prepared = await prepareFile(files, hints);
      desk = await OpenDesk.on(prepared, warp, wasm);
      return factsOf(prepared);
    },

    accelerate: ({ software }) => opened().accelerate(software),

    fit: async ({ picture, name }) => fitPicture(picture, opened().prepared.description.input.shape, name),

    findFeeding: (pictures) => searchFeeding(opened().prepared, opened().wasm, pictures),

    async classify({ pixels, transformation }, tell) {
      const request = { images: [pixels], trials: [{ image: 0, transformations: [transformation] }] };
      const scores = await opened().scores(request, (computing) => tell({ computing }));
      const { tx, ty, angle } = transformation;
      requireScores(scores, 0, scores.length, () => `${PICTURE} under (tx ${tx}, ty ${ty}, angle ${angle})`);
      return scores;
    },

    async map({ box, threads, ...subject }, tell, signal) {
      const order = coarseFirst(landscapeGrid(box));
      const steps = new Map(order.map(({ point, steps }) => [point, steps]));
      const { gridWorst } = await opened().withClassifier(
        threads,
        (computing) => tell({ computing }),
        (classifier) =>
          measureLandscape(classifier, targetOf(subject, classifier), box, {
            signal,
            order: order.map(({ point }) => point),
            wave: BATCHES_AHEAD * classifier.parallelism * Math.min(8, classifier.batch),
            onPoints: (points, outcomes) =>
              tell({ points, outcomes, steps: points.map((point) => steps.get(point) ?? 1) }),
          }),
      );
      return { worst: gridWorst };
    },

    async search({ attack: name, box, threads, ...subject }, tell, signal) {
      const { warp } = opened();
      const exhaustive = ATTACKS.find((attack) => attack.name === name)?.page?.exhaustive;
      const attack = createAttack(name, { box, warp, exhaustive });
      const { figure } = attack;
      const of = figure?.kind === 'grid' ? figure.grid.length : undefined;
      const [findings] = await opened().withClassifier(
        threads,
        (computing) => tell({ computing }),
        (classifier) =>
          settle([targetOf(subject, classifier)], [attack], createAnswerer(classifier), signal, {
            ended: () => undefined,
            round: ([{ passes }]) => tell({ tried: passes, of }),
          }),
      );
      const { robust, worst, passes, fooling, breakingPoint, path } = findings.get(attack.name)!;
      return { attack: attack.name, robust, worst, tried: passes, fooling, breakingPoint, path };
    },
  };
}

function targetOf({ pixels, label }: Subject, { shape }: Classifier): Target {
  return { index: 0, name: PICTURE, label, pixels, shape };
}
