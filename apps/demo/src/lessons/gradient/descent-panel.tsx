import { useState } from "preact/hooks";
import { DataTable } from "../../panels/data-table.js";
import { Panel } from "../../panels/panel.js";
import { Slider } from "../../panels/slider.js";
import { useLanguage } from "../../shell/language.js";
import { FittedFigure } from "../fitted-figure.js";
import { drawDescent } from "./descent-figure.js";
import { LONGEST, methods, pathOf, progressOf, rates, type Progress } from "./descent-paths.js";
import { usePathsAhead } from "./use-paths-ahead.js";
import { usePlayer } from "./use-player.js";

const START = { rate: rates.indexOf(0.05), momentum: 0.9, steps: 30 };

const minus = (digits: string): string => digits.replace("-", "−");
const place = (w: number): string => minus(Math.abs(w) < 0.0005 ? "0.000" : w.toFixed(3));
/** Small heights keep a digit. */
const height = (f: number): string => minus(f === 0 || f >= 0.001 ? f.toFixed(3) : f.toExponential(0));

/** Three methods in one valley, for the learning rate and the momentum that one chooses. */
export function DescentPanel() {
  const { t } = useLanguage();
  const texts = t.lessons.gradient.descent;
  const [rate, setRate] = useState(START.rate);
  const [momentum, setMomentum] = useState(START.momentum);
  const { step, isPlaying, goTo, toggle } = usePlayer(LONGEST, START.steps);
  usePathsAhead(momentum);
  const progress = methods.map((method) => ({ name: texts.methods[method], ...progressOf(pathOf(method, rates[rate], momentum), step) }));
  const outcome = ({ arrived, lost }: Progress): string => (lost !== undefined ? texts.lost(lost) : arrived !== undefined ? texts.arrived(arrived) : texts.underWay);
  const lost = progress.filter((own) => own.lost !== undefined);
  return (
    <Panel title={texts.panel} about={texts.about}>
      <Slider label={texts.rate} value={rate} min={0} max={rates.length - 1} step={1} format={(i) => `${rates[i]}`} onChange={setRate} />
      <Slider label={texts.momentum} value={momentum} min={0} max={0.95} step={0.05} format={(beta) => beta.toFixed(2)} onChange={setMomentum} />
      <Slider label={texts.steps} value={step} min={0} max={LONGEST} step={1} onChange={goTo} />
      <div class="row"><button type="button" class="primary" onClick={toggle}>{isPlaying ? texts.stop : texts.play}</button></div>
      <FittedFigure draw={(width) => drawDescent(progress, width)} />
      <p role="status">{lost.length > 0 && texts.runaway(lost.map(({ name }) => name))}</p>
      <DataTable numbers={[2, 3, 4]} caption={texts.caption} head={[texts.method, texts.outcome, "f(w)", "w₀", "w₁"]} rows={progress.map((own) => [own.name, outcome(own), height(own.height), ...own.place.map(place)])} />
    </Panel>
  );
}
