import type { Attack, Target } from '../attacks/attack.ts';
import type { ImageSource } from '../data/source.ts';
import { misuse } from '../errors/error.ts';
import { optionWords } from '../errors/option-words.ts';
import type { Vote } from './answer.ts';
import { isCertificate } from './groups.ts';

/**
 * @throws misuse for attacks that a vote does not allow or of which two fill one place of the result, and where there
 *   are no images
 */
export function requireFit(source: ImageSource, attacks: readonly Attack[], vote: Vote | undefined): void {
  const gradientAttacks = attacks.filter(({ needsGradients }) => needsGradients).map(({ name }) => name);
  if (vote !== undefined && gradientAttacks.length > 0) {
    throw misuse({
      code: 'vote-without-gradients',
      subject: 'vote',
      problem: `got the attack ${gradientAttacks.join(', ')}, but a majority vote has no gradient.`,
      advice: `Leave those attacks out, or use ${optionWords('gradient', 'finite-difference')} for first-order.`,
    });
  }
  const proofs = attacks.filter(isCertificate).map(({ name }) => name);
  if (vote !== undefined && proofs.length > 0) {
    throw misuse({
      code: 'vote-without-proof',
      subject: 'vote',
      problem:
        `got ${proofs.join(', ')}, but the answers of a vote are drawn afresh for every query: what it answers once ` +
        'it need not answer again, so that nothing is proved of it and nothing bounded.',
      advice:
        'Certify a model whose answers are fixed: the file alone, one with the mirror image or a vote with fixed ' +
        `draws built in (gimbal export), or ${optionWords('mirror')}.`,
    });
  }
  const smallest = attacks.filter(({ seeks }) => seeks === 'smallest').map(({ name }) => name);
  if (vote !== undefined && smallest.length > 0) {
    throw misuse({
      code: 'vote-without-tolerance',
      subject: 'vote',
      problem:
        `got the attack ${smallest.join(', ')}, but the answers of a vote are drawn afresh for every query: ` +
        'what fools it once need not fool it again, so there is no smallest that does.',
      advice: `Leave that attack out, or measure the model without ${optionWords('vote')}.`,
    });
  }
  requirePlaces(attacks);
  if (source.length === 0) {
    throw misuse({
      code: 'no-images',
      subject: source.name,
      problem: 'no images are left to evaluate.',
      advice: `Check ${optionWords('offset')}, ${optionWords('limit')} and ${optionWords('exclude')}.`,
    });
  }
}

/** A result holds one figure of breaking points for each thing they are measured in, one certificate of a grade. */
function requirePlaces(attacks: readonly Attack[]): void {
  const takers = new Map<string, string>();
  for (const { name, figure, certificate } of attacks) {
    const places = [
      ...(figure?.kind === 'survival' ? [`tolerance.${figure.extent}`] : []),
      ...(certificate === undefined ? [] : [`certificates.${certificate.grade}`]),
    ];
    for (const place of places) {
      const first = takers.get(place);
      if (first !== undefined)
        throw misuse({
          code: 'place-taken',
          subject: `attack "${name}"`,
          problem: `fills ${place} of the result, as "${first}" does.`,
          advice: 'Run the two one after the other.',
        });
      takers.set(place, name);
    }
  }
}

/**
 * @param last index of the last image whose record is there: the records of all before it were there once
 * @throws misuse `run-folder-damaged`
 */
export function requireNoGap(
  targets: readonly Target[],
  done: ReadonlySet<number>,
  last: number,
  mended: ReadonlySet<number>,
): void {
  const lost = targets.find(({ index }) => index < last && !done.has(index) && !mended.has(index));
  if (lost === undefined) return;
  throw misuse({
    code: 'run-folder-damaged',
    subject: 'the records of the run',
    problem: `that of image ${lost.index} is missing, although that of image ${last} is there.`,
    advice: `Put images.jsonl back from a copy, start anew with another ${optionWords('out')}, or delete the folder.`,
  });
}

/** @throws misuse `label-out-of-range` */
export function requireLabels(targets: readonly Target[], classes: number): void {
  const wrong = targets.find(({ label }) => !(label >= 0 && label < classes));
  if (wrong === undefined) return;
  throw misuse({
    code: 'label-out-of-range',
    subject: `label of image ${wrong.index}`,
    problem: `got ${wrong.label}, the model has the classes 0 to ${classes - 1}.`,
    advice: `Check that model and data belong together, and ${optionWords('label-offset')}.`,
  });
}
