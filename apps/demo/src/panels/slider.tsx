import { useId } from "preact/hooks";

interface SliderProps {
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  /** How the value is shown. Default: as it is. */
  readonly format?: (value: number) => string;
  readonly onChange: (value: number) => void;
}

/** A number to drag, with its name and its value beside it. */
export function Slider({ label, value, min, max, step, format = String, onChange }: SliderProps) {
  const id = useId();
  return (
    <div class="slider">
      <label for={id}>{label}</label>
      <input id={id} type="range" min={min} max={max} step={step} value={value} aria-valuetext={format(value)} onInput={(event) => { onChange(event.currentTarget.valueAsNumber); }} />
      <output for={id}>{format(value)}</output>
    </div>
  );
}
