import { useState } from "preact/hooks";

interface NumberFieldProps {
  readonly id: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly whole: boolean;
  readonly describedBy: string;
  /** Called with a number in range when somebody is done with typing. */
  readonly onChange: (value: number) => void;
}

/** A number to type. What is half typed stays when the page around it is drawn again. */
export function NumberField({ id, value, min, max, whole, describedBy, onChange }: NumberFieldProps) {
  const [draft, setDraft] = useState<string>();
  const commit = (input: HTMLInputElement): void => {
    if (!input.reportValidity()) return;
    setDraft(undefined);
    onChange(input.valueAsNumber);
  };
  return (
    <input
      id={id} type="number" required value={draft ?? value} min={min} max={max} step={whole ? 1 : "any"} aria-describedby={describedBy}
      onInput={(event) => { setDraft(event.currentTarget.value); }}
      onChange={(event) => { commit(event.currentTarget); }}
    />
  );
}
