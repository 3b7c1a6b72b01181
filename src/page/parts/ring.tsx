import { formatNumber } from '../../notation/numbers.ts';

/** Radius of the ring, in hundredths of half the stage. */
const RADIUS = 93;

/** A ring with a mark every ten degrees, the arc within the limit, and a handle where the picture's top is. */
export function Ring({ angle, limit }: { readonly angle: number; readonly limit: number }) {
  const marks = Array.from({ length: 36 }, (_, i) => 10 * i - 180 + 10);
  const [x, y] = onRing(angle, RADIUS);
  return (
    <svg class="ring" viewBox="-100 -100 200 200" aria-hidden="true">
      <circle class="track" r={RADIUS} />
      {marks.map((mark) => {
        const [x1, y1] = onRing(mark, RADIUS - 2.5);
        const [x2, y2] = onRing(mark, RADIUS + 2.5);
        return Math.abs(mark) <= limit ? <line class="mark" x1={x1} y1={y1} x2={x2} y2={y2} /> : undefined;
      })}
      <path class="arc" d={arc(limit)} />
      <path class="turned" d={arc(0, angle)} />
      <circle class="handle" cx={x} cy={y} r="5.5" />
      <title>{`${formatNumber(angle)}°`}</title>
    </svg>
  );
}

/** Counter-clockwise from the top, as angles turn pictures. */
function onRing(angle: number, radius: number): [number, number] {
  const radians = (angle * Math.PI) / 180;
  return [-radius * Math.sin(radians), -radius * Math.cos(radians)];
}

function arc(from: number, to = -from): string {
  const end = Math.abs(from - to) >= 360 ? to + 0.01 : to;
  const [x1, y1] = onRing(from, RADIUS);
  const [x2, y2] = onRing(end, RADIUS);
  const large = Math.abs(from - end) > 180 ? 1 : 0;
  return `M${x1},${y1}A${RADIUS},${RADIUS} 0 ${large} ${from > end ? 1 : 0} ${x2},${y2}`;
}
