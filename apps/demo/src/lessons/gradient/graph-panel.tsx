import { backpropagationThrough } from "@dl/recipes";
import { useMemo, useState } from "preact/hooks";
import { DataTable } from "../../panels/data-table.js";
import { Figure } from "../../panels/figure.js";
import { Panel } from "../../panels/panel.js";
import { Slider } from "../../panels/slider.js";
import { useLanguage } from "../../shell/language.js";

const range = { min: -5, max: 5, step: 0.5 };

/** A number with its sign in brackets when it is below zero, as behind a plus. */
const summand = (value: number): string => (value < 0 ? `(${value})` : `${value}`);

/** e = (a + b)(b + 1) with all values and gradients, for the a and b that one chooses. */
export function GraphPanel() {
  const { t } = useLanguage();
  const texts = t.lessons.gradient.graph;
  const [a, setA] = useState(2);
  const [b, setB] = useState(3);
  const { facts, figure } = useMemo(() => backpropagationThrough(a, b, texts.valueWord), [a, b, texts]);
  const gradient = new Map(facts.map((node) => [node.name, node.gradient]));
  const [throughC, throughD, both] = ["c", "d", "b"].map((name) => gradient.get(name) ?? NaN);
  return (
    <Panel title={texts.panel} about={texts.about}>
      <Slider label="a" value={a} {...range} onChange={setA} />
      <Slider label="b" value={b} {...range} onChange={setB} />
      <Figure svg={figure} />
      <p class="sum">{texts.sum} ∂e/∂b = ∂e/∂c · 1 + ∂e/∂d · 1 = {throughC} + {summand(throughD)} = {both}</p>
      <DataTable numbers={[1, 2]} caption={texts.caption} head={[texts.node, texts.value, texts.gradient]} rows={facts.map(({ name, formula, value, gradient: slope }) => [name === formula ? name : formula, value, slope])} />
    </Panel>
  );
}
