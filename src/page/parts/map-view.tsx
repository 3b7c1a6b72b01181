import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Transformation } from '../../transform/transformation.ts';
import type { LossMap } from '../state/loss-map.ts';
import type { Slot } from '../state/slot.ts';
import { useStore } from '../state/store.ts';
import type { Studio } from '../state/studio.ts';
import { lossRange, mapBorder, mapImage, type MapKind } from './map-colours.ts';
import { formatLoss, formatNumber } from '../../notation/numbers.ts';

interface MapViewProps {
  readonly studio: Studio;
  readonly slot: Slot;
}

/** The loss over angle and horizontal shift, as far as it is measured. A click goes there. */
export function MapView({ studio, slot }: MapViewProps) {
  const { map, mapped, search } = useStore(slot);
  const { slots, transformation } = useStore(studio);
  const [kind, setKind] = useState<MapKind>('loss');
  const [, redraw] = useState(0);
  // The colours of both maps have one scale.
  useEffect(() => {
    const ends = slots.filter((other) => other !== slot).map((other) => other.onChange(() => redraw((n) => n + 1)));
    return () => ends.forEach((end) => end());
  }, [slots, slot]);
  if (map === undefined || mapped === 0) return undefined;
  const range = lossRange(slots.flatMap((other) => other.state.map ?? [])) ?? [0, 1];
  const found = search?.kind === 'found' ? search.result : undefined;
  return (
    <div class="map">
      <div class="map-head">
        <span class="small">
          Loss over angle and shift{map.isWhole ? '' : ` … ${Math.round((100 * map.measured) / map.grid.length)} %`}
        </span>
        <button type="button" class="link small" onClick={() => setKind(kind === 'loss' ? 'outcome' : 'loss')}>
          {kind === 'loss' ? 'right or wrong' : 'loss'}
        </button>
      </div>
      <div class="map-body">
        <span class="axis y-axis" aria-hidden="true">
          <span>{formatNumber(map.grid.box.tx)} px</span>
          <span>{formatNumber(-map.grid.box.tx)}</span>
        </span>
        <MapPicture
          map={map}
          mapped={mapped}
          kind={kind}
          range={range}
          at={transformation}
          path={found?.path}
          breaks={found?.breakingPoint == null ? undefined : found.worst.transformation}
          onGo={(t) => studio.moveTo(t)}
        />
        <span class="axis x-axis" aria-hidden="true">
          <span>{formatNumber(-map.grid.box.angle)}°</span>
          <span>
            {kind === 'loss' ? `${formatLoss(range[0])} to ${formatLoss(range[1])}` : 'blue right, orange wrong'}
          </span>
          <span>{formatNumber(map.grid.box.angle)}°</span>
        </span>
      </div>
    </div>
  );
}

interface MapPictureProps {
  readonly map: LossMap;
  readonly mapped: number;
  readonly kind: MapKind;
  readonly range: readonly [number, number];
  readonly at: Transformation;
  readonly path?: readonly (readonly [number, number, number, number])[];
  readonly breaks?: Transformation;
  readonly onGo: (t: Transformation) => void;
}

function MapPicture({ map, mapped, kind, range, at, path, breaks, onGo }: MapPictureProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { box, size } = map.grid;
  const { angle: columns, tx: rows } = size;
  useLayoutEffect(() => {
    canvas.current?.getContext('2d')?.putImageData(mapImage(map, kind, range), 0, 0);
  }, [map, mapped, kind, range[0], range[1]]);
  // In the units of the canvas: the middle of a point's cell.
  const place = ({ angle, tx }: { readonly angle: number; readonly tx: number }): [number, number] => [
    box.angle === 0 ? columns / 2 : ((angle + box.angle) / (2 * box.angle)) * (columns - 1) + 0.5,
    box.tx === 0 ? rows / 2 : rows - ((tx + box.tx) / (2 * box.tx)) * (rows - 1) - 0.5,
  ];
  const onClick = (event: MouseEvent): void => {
    const frame = canvas.current!.getBoundingClientRect();
    const x = ((event.clientX - frame.x) / frame.width) * columns - 0.5;
    const y = rows - ((event.clientY - frame.y) / frame.height) * rows - 0.5;
    onGo({
      angle: columns < 2 ? 0 : (2 * box.angle * x) / (columns - 1) - box.angle,
      tx: rows < 2 ? 0 : (2 * box.tx * y) / (rows - 1) - box.tx,
      ty: 0,
    });
  };
  const [x, y] = place(at);
  return (
    <div class="map-picture" onClick={onClick}>
      <canvas ref={canvas} width={columns} height={rows} class="tiny" role="img" aria-label={describe(map)} />
      <svg viewBox={`0 0 ${columns} ${rows}`} preserveAspectRatio="none" aria-hidden="true">
        {kind === 'loss' ? <path class="border" d={mapBorder(map)} /> : undefined}
        {path === undefined ? undefined : (
          <polyline class="path" points={path.map(([tx, , angle]) => place({ tx, angle }).join(',')).join(' ')} />
        )}
      </svg>
      {map.worst === undefined ? undefined : <Mark kind="worst" at={place(map.worst)} of={[columns, rows]} sign="×" />}
      {breaks === undefined ? undefined : <Mark kind="breaks" at={place(breaks)} of={[columns, rows]} sign="◆" />}
      <Mark kind={at.ty === 0 ? 'here' : 'here off'} at={[x, y]} of={[columns, rows]} sign="" />
    </div>
  );
}

interface MarkProps {
  readonly kind: string;
  readonly at: readonly [number, number];
  readonly of: readonly [number, number];
  readonly sign: string;
}

/** A mark that keeps its shape however the map is stretched. */
function Mark({ kind, at: [x, y], of: [columns, rows], sign }: MarkProps) {
  return (
    <span class={`map-mark ${kind}`} style={{ left: `${(100 * x) / columns}%`, top: `${(100 * y) / rows}%` }}>
      {sign}
    </span>
  );
}

function describe(map: LossMap): string {
  const { worst, fooling, measured, grid } = map;
  const at =
    worst === undefined ? '' : ` The worst is at ${formatNumber(worst.angle)}° and ${formatNumber(worst.tx)} px.`;
  return `Loss over angle and shift: ${measured} of ${grid.length} points measured, misclassified at ${fooling}.${at}`;
}
