import { useId, useMemo, useState } from "preact/hooks";
import { Curve } from "../panels/curve.js";
import { Panel } from "../panels/panel.js";
import { Slider } from "../panels/slider.js";
import { useLanguage } from "../shell/language.js";
import { memo } from "../shell/memo.js";
import { percent } from "../shell/numbers.js";
import type { Judgement } from "../worker/protocol.js";
import { ratesAt, rocOf, type OneAgainstRest, type Rates } from "./threshold.js";

/** The curve, the line of chance, and the point of the threshold over one axis. */
function linesOf(roc: OneAgainstRest, { fpr, tpr }: Rates): (number | null)[][] {
  const before = roc.fpr.findLastIndex((x) => x <= fpr) + 1;
  const insert = <T,>(values: readonly T[], value: T): T[] => [...values.slice(0, before), value, ...values.slice(before)];
  const x = insert(roc.fpr, fpr);
  return [x, insert(roc.tpr, tpr), x, x.map((_, i) => (i === before ? tpr : null))];
}

const unit = [0, 1] as const;

/** One digit against the others: the ROC curve, and what a threshold on it does. */
export const RocPanel = memo(function RocPanel({ judgement, classes }: { readonly judgement: Judgement | undefined; readonly classes: readonly string[] }) {
  const { language, t } = useLanguage();
  const words = t.training.roc;
  const id = useId();
  const [label, setLabel] = useState(0);
  const [threshold, setThreshold] = useState(0.5);
  const roc = useMemo(() => judgement && rocOf(judgement, label), [judgement, label]);
  const rates = judgement && ratesAt(judgement, label, threshold);
  const share = (value: number): string => (Number.isNaN(value) ? "–" : percent(value, language));
  const summary = rates === undefined ? t.training.confusion.none : words.rates(share(rates.tpr), share(rates.fpr), share(rates.precision));
  const data = useMemo(() => (roc === undefined || rates === undefined ? [[], [], [], []] : linesOf(roc, rates)), [roc, rates?.fpr, rates?.tpr]);
  return (
    <Panel title={words.title} about={words.about}>
      <div class="field">
        <label for={id}>{words.digit}</label>
        <select id={id} value={String(label)} onChange={(event) => { setLabel(Number(event.currentTarget.value)); }}>
          {classes.map((name, i) => <option key={name} value={String(i)}>{name}</option>)}
        </select>
      </div>
      <Slider label={words.threshold} value={threshold} min={0} max={1} step={0.01} format={(value) => value.toFixed(2)} onChange={setThreshold} />
      <p class="quiet" aria-live="polite">{summary}{roc !== undefined && ` · ${words.area(roc.area.toFixed(4))}`}</p>
      <Curve
        label={`${words.title}: ${summary}`} x={words.x} y={words.y} range={unit} xRange={unit} version={data}
        series={[{ name: words.title, colour: 1 }, { name: words.chance, colour: 3, dashed: true }, { name: words.threshold, colour: 2, dots: true }]}
        data={data}
      />
    </Panel>
  );
});
