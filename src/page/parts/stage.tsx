import { useEffect, useRef } from 'preact/hooks';
import { useStore } from '../state/store.ts';
import type { Studio } from '../state/studio.ts';
import { ImageCanvas } from './image-canvas.tsx';
import { byKey, byWheel, type Grip, moved } from './moves.ts';
import { Ring } from './ring.tsx';
import { useWarped } from './use-warped.ts';
import { formatNumber } from '../../notation/numbers.ts';

/** The picture, dragged to shift and turned by the ring, the wheel, two fingers or keys. */
export function Stage({ studio }: { readonly studio: Studio }) {
  const { shown, transformation, box, warp } = useStore(studio);
  const element = useRef<HTMLDivElement>(null);
  const frame = useRef<HTMLDivElement>(null);
  const pointers = useRef(new Map<number, { x: number; y: number }>());
  const grip = useRef<Grip | undefined>(undefined);
  const warped = useWarped(shown, warp, transformation);

  useEffect(() => {
    const onWheel = (event: WheelEvent): void => {
      event.preventDefault();
      studio.moveTo(byWheel(event.deltaY, studio.state.transformation));
    };
    const target = element.current;
    target?.addEventListener('wheel', onWheel, { passive: false });
    return () => target?.removeEventListener('wheel', onWheel);
  }, [studio]);

  const takeHold = (event: PointerEvent): void => {
    const kind = grip.current?.kind ?? (frame.current?.contains(event.target as Element) === true ? 'shift' : 'turn');
    const points = [...pointers.current.values()];
    grip.current = points.length === 0 ? undefined : { points, start: studio.state.transformation, kind };
  };
  const onDown = (event: PointerEvent): void => {
    element.current?.setPointerCapture(event.pointerId);
    pointers.current.set(event.pointerId, { x: event.clientX, y: event.clientY });
    takeHold(event);
  };
  const onMove = (event: PointerEvent): void => {
    if (!pointers.current.has(event.pointerId) || grip.current === undefined || shown === undefined) return;
    pointers.current.set(event.pointerId, { x: event.clientX, y: event.clientY });
    const stage = element.current!.getBoundingClientRect();
    const centre = { x: stage.x + stage.width / 2, y: stage.y + stage.height / 2 };
    const unit = frame.current!.querySelector('canvas')!.getBoundingClientRect().width / shown.shape.width;
    studio.moveTo(moved(grip.current, [...pointers.current.values()], centre, unit));
  };
  const onUp = (event: PointerEvent): void => {
    pointers.current.delete(event.pointerId);
    takeHold(event);
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const next = byKey(event.key, event.shiftKey, transformation, box);
    if (next === undefined) return;
    event.preventDefault();
    studio.moveTo(next);
  };

  const { tx, ty, angle } = transformation;
  return (
    <div class="stage-place">
      <div
        ref={element}
        class="stage"
        id="stage"
        tabIndex={0}
        role="application"
        aria-roledescription="picture to turn"
        aria-label={
          `Picture, turned by ${formatNumber(angle)}°, shifted by ${formatNumber(tx)} px to the right and ` +
          `${formatNumber(ty)} px down`
        }
        aria-describedby="stage-keys"
        onPointerDown={onDown}
        onPointerMove={onMove}
        onPointerUp={onUp}
        onPointerCancel={onUp}
        onKeyDown={onKey}
      >
        <Ring angle={angle} limit={box.angle} />
        <div class="frame" ref={frame}>
          {shown === undefined || warped === undefined ? (
            <div class="empty" />
          ) : (
            <ImageCanvas pixels={warped} shape={shown.shape} label="The picture as the models see it" />
          )}
        </div>
      </div>
      <p id="stage-keys" class="quiet small hint">
        Drag the picture to shift it; turn it by the ring, the wheel or two fingers.{' '}
        <span class="keys">
          Keys: arrows shift, <kbd>[</kbd> <kbd>]</kbd> turn, <kbd>0</kbd> resets; with Shift in small steps.
        </span>
      </p>
    </div>
  );
}
