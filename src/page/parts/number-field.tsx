import { useEffect, useState } from 'preact/hooks';

interface NumberFieldProps {
  readonly label: string;
  readonly unit: string;
  readonly value: number;
  readonly least: number;
  readonly most: number;
  readonly step: number;
  readonly onChange: (value: number) => void;
}

/** A number that can be typed. What is no number, or out of range, is marked and changes nothing. */
export function NumberField({ label, unit, value, least, most, step, onChange }: NumberFieldProps) {
  const [text, setText] = useState(String(value));
  useEffect(() => {
    // While it is typed, "1." must stay as it is.
    setText((typed) => (Number(typed) === value && typed !== '' ? typed : String(value)));
  }, [value]);
  const isRight = (typed: string): boolean => typed.trim() !== '' && Number(typed) >= least && Number(typed) <= most;
  return (
    <label class="field">
      <span>
        {label} <span class="quiet">{unit}</span>
      </span>
      <input
        type="number"
        inputMode="decimal"
        value={text}
        min={least}
        max={most}
        step={step}
        aria-invalid={!isRight(text)}
        title={`${least} to ${most}`}
        onInput={(event) => {
          const typed = event.currentTarget.value;
          setText(typed);
          if (isRight(typed)) onChange(Number(typed));
        }}
        onBlur={() => setText(String(value))}
      />
    </label>
  );
}
