import type { Box } from '../../sets/box.ts';
import { IDENTITY, type Transformation } from '../../transform/transformation.ts';

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Where fingers or the mouse took hold of the stage. */
export interface Grip {
  readonly points: readonly Point[];
  readonly start: Transformation;
  /** `turn`: a single one took hold of the ring. */
  readonly kind: 'shift' | 'turn';
}

/**
 * The transformation after fingers moved: one on the picture shifts it, one on the ring turns it, two do both.
 * @param centre of the stage, in the points' units
 * @param unit of the points in one pixel of the image
 */
export function moved(
  { points, start, kind }: Grip,
  now: readonly Point[],
  centre: Point,
  unit: number,
): Transformation {
  if (now.length >= 2 && points.length >= 2) {
    const turn = turned(difference(points[0], points[1]), difference(now[0], now[1]));
    const [before, after] = [middle(points), middle(now)];
    return {
      tx: start.tx + (after.x - before.x) / unit,
      ty: start.ty + (after.y - before.y) / unit,
      angle: start.angle + turn,
    };
  }
  const [from, to] = [points[0], now[0]];
  if (kind === 'turn')
    return { ...start, angle: start.angle + turned(difference(centre, from), difference(centre, to)) };
  return { ...start, tx: start.tx + (to.x - from.x) / unit, ty: start.ty + (to.y - from.y) / unit };
}

/** Degrees from one direction to another, counter-clockwise on screen, in (−180, 180]. */
function turned(from: Point, to: Point): number {
  const cross = from.x * to.y - from.y * to.x;
  const dot = from.x * to.x + from.y * to.y;
  return (-Math.atan2(cross, dot) * 180) / Math.PI;
}

function difference(a: Point, b: Point): Point {
  return { x: b.x - a.x, y: b.y - a.y };
}

function middle([a, b]: readonly Point[]): Point {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}

/** Steps of a key from the middle to the limit. */
const STEPS = { shift: 6, angle: 30 };

/** The transformation after a key; `undefined` for keys that mean nothing. With Shift steps are a tenth. */
export function byKey(key: string, isFine: boolean, t: Transformation, box: Box): Transformation | undefined {
  const share = isFine ? 0.1 : 1;
  const [x, y, a] = [(box.tx / STEPS.shift) * share, (box.ty / STEPS.shift) * share, (box.angle / STEPS.angle) * share];
  switch (key) {
    case 'ArrowLeft':
      return { ...t, tx: t.tx - x };
    case 'ArrowRight':
      return { ...t, tx: t.tx + x };
    case 'ArrowUp':
      return { ...t, ty: t.ty - y };
    case 'ArrowDown':
      return { ...t, ty: t.ty + y };
    case '[':
    case '{':
      return { ...t, angle: t.angle + a };
    case ']':
    case '}':
      return { ...t, angle: t.angle - a };
    case '0':
      return IDENTITY;
    default:
      return undefined;
  }
}

/** Degrees that a wheel turns for each of its units. */
const WHEEL = 1 / 40;

export function byWheel(delta: number, t: Transformation): Transformation {
  return { ...t, angle: t.angle - delta * WHEEL };
}
