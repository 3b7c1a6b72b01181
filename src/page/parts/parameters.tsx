import { IDENTITY } from '../../transform/transformation.ts';
import { useStore } from '../state/store.ts';
import type { Studio } from '../state/studio.ts';
import { NumberField } from './number-field.tsx';

/** The transformation as numbers, how far it may go, and what the picture shows. */
export function Parameters({ studio }: { readonly studio: Studio }) {
  const { transformation: t, box, shown, slots } = useStore(studio);
  const classes = slots[0]?.state.facts?.classes ?? 0;
  const side = shown === undefined ? 100 : Math.min(shown.shape.height, shown.shape.width);
  return (
    <div class="parameters">
      <div class="fields">
        <NumberField
          label="Angle"
          unit="°"
          value={t.angle}
          least={-box.angle}
          most={box.angle}
          step={0.5}
          onChange={(angle) => studio.moveTo({ ...t, angle })}
        />
        <NumberField
          label="Right"
          unit="px"
          value={t.tx}
          least={-box.tx}
          most={box.tx}
          step={0.1}
          onChange={(tx) => studio.moveTo({ ...t, tx })}
        />
        <NumberField
          label="Down"
          unit="px"
          value={t.ty}
          least={-box.ty}
          most={box.ty}
          step={0.1}
          onChange={(ty) => studio.moveTo({ ...t, ty })}
        />
        <button type="button" onClick={() => studio.moveTo(IDENTITY)}>
          Reset
        </button>
      </div>
      <div class="fields">
        <NumberField
          label="Up to"
          unit="°"
          value={box.angle}
          least={0}
          most={180}
          step={5}
          onChange={(angle) => studio.setBox({ ...box, angle })}
        />
        <NumberField
          label="and"
          unit="px"
          value={box.tx}
          least={0}
          most={side}
          step={1}
          onChange={(limit) => studio.setBox({ ...box, tx: limit, ty: limit })}
        />
        {shown === undefined ? undefined : (
          <label class="field wide-field">
            <span>{shown.isLabelled ? 'It shows' : 'It shows (as the first model says)'}</span>
            <select value={shown.label} onChange={(event) => studio.setLabel(Number(event.currentTarget.value))}>
              {Array.from({ length: classes }, (_, label) => (
                <option key={label} value={label}>
                  {studio.className(label)}
                </option>
              ))}
            </select>
          </label>
        )}
      </div>
    </div>
  );
}
