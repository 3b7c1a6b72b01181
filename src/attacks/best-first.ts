import { extremesFirst, farthestFirst, type Grid } from '../sets/grid.ts';
import { QuadraticSurface } from '../statistics/quadratic-surface.ts';
import { fixedOrder, type Order } from './candidates.ts';

/** Points that are tried before anything is concluded: two opposite corners of a box and the middles of six edges. */
const FIRST = 8;
/** Tried points beyond which the surface stays as it is: on fine grids fitting would take longer than the model. */
const FITTED = 128;
/** Below that a loss tells no more than that the answer is certain. */
const LEAST_LOSS = 1e-7;

/**
 * The order in which a grid is tried. Where everything is, it matters to no one, and it is that from the rim to the
 * middle.
 */
export function gridOrder(grid: Grid, exhaustive: boolean): () => Order {
  return exhaustive ? fixedOrder(extremesFirst(grid)) : bestFirst(grid);
}

/**
 * The order in which a search for one fooling point does best: a few points far apart, then whatever points may well
 * have the highest loss, by a quadratic surface through the losses of those tried so far, which is fitted anew for each
 * wave. It is a matter of one image alone: nothing is learned from others, so that shards, and a run that goes on, have
 * nothing to share.
 *
 * The surface is one of log-odds, of all other classes against the label, since losses themselves are all but 0 on most
 * of a grid.
 */
function bestFirst(grid: Grid): () => Order {
  let plan: { readonly order: Uint32Array; readonly coordinates: Float64Array } | undefined;
  return () => {
    // For the first image: reports ask for words alone.
    const { order, coordinates } = (plan ??= { order: farthestFirst(grid, FIRST), coordinates: coordinatesOf(grid) });
    const surface = new QuadraticSurface();
    let left = order;
    let isFinal = false;
    return {
      take(count) {
        const tried = order.length - left.length;
        if (tried >= FIRST && !isFinal) {
          isFinal = tried >= FITTED;
          left = highestFirst(left, isFinal ? left.length : count, scoreOf(surface, coordinates));
        }
        const taken = left.subarray(0, count);
        left = left.subarray(count);
        return taken;
      },
      learn: (point, { loss }) =>
        surface.add(coordinates[3 * point], coordinates[3 * point + 1], coordinates[3 * point + 2], logOdds(loss)),
    };
  };
}

function scoreOf(surface: QuadraticSurface, coordinates: Float64Array): (point: number) => number {
  const bound = surface.upperBound();
  return (point) => bound(coordinates[3 * point], coordinates[3 * point + 1], coordinates[3 * point + 2]);
}

/** @param loss cross-entropy −ln p of the label. @returns ln((1 − p) / p) */
function logOdds(loss: number): number {
  const bounded = Math.max(loss, LEAST_LOSS);
  // The same to the last digit from there on, where the exponential would end in infinity.
  return bounded > 50 ? bounded : Math.log(Math.expm1(bounded));
}

/**
 * Brings the points of the highest scores to the front, the highest first. Equal ones and the others keep their order.
 */
function highestFirst(points: Uint32Array, count: number, score: (point: number) => number): Uint32Array {
  const scores = new Float64Array(points.length);
  for (let place = 0; place < points.length; place++) scores[place] = score(points[place]);
  const chosen = highest(scores, Math.min(count, points.length));
  const isChosen = new Uint8Array(points.length);
  for (const place of chosen) isChosen[place] = 1;
  const brought = Uint32Array.from(chosen, (place) => points[place]);
  const ordered = new Uint32Array(points.length);
  ordered.set(brought);
  ordered.set(
    points.filter((_, place) => isChosen[place] === 0),
    brought.length,
  );
  return ordered;
}

/** Places of the highest scores, the highest first, the earlier one first where they are equal. */
function highest(scores: Float64Array, count: number): number[] {
  if (count === scores.length) return Array.from(scores.keys()).sort((a, b) => scores[b] - scores[a] || a - b);
  const places: number[] = [];
  for (let place = 0; place < scores.length; place++) {
    const score = scores[place];
    if (places.length === count && score <= scores[places[count - 1]]) continue;
    let at = places.length;
    while (at > 0 && scores[places[at - 1]] < score) at--;
    places.splice(at, 0, place);
    if (places.length > count) places.pop();
  }
  return places;
}

/** tx, ty and angle of all points, each as a share of its limit, [points, 3]. */
function coordinatesOf({ length, point, box }: Grid): Float64Array {
  const coordinates = new Float64Array(3 * length);
  const share = (value: number, limit: number): number => (limit === 0 ? 0 : value / limit);
  for (let i = 0; i < length; i++) {
    const { tx, ty, angle } = point(i);
    coordinates.set([share(tx, box.tx), share(ty, box.ty), share(angle, box.angle)], 3 * i);
  }
  return coordinates;
}
