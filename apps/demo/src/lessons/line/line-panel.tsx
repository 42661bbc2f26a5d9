import { useId, useState } from "preact/hooks";
import { DataTable } from "../../panels/data-table.js";
import { Panel } from "../../panels/panel.js";
import { Slider } from "../../panels/slider.js";
import { useLanguage } from "../../shell/language.js";
import { percent } from "../../shell/numbers.js";
import { FittedFigure } from "../fitted-figure.js";
import { drawLines } from "./line-figure.js";
import { lossNames, MOST_STEPS, type LossName } from "./line-training.js";
import type { Points } from "./points.js";
import { useLineTrainings, type LineTrainings } from "./use-line-trainings.js";

const rates = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2] as const;

function Controls({ training, isFresh }: { readonly training: LineTrainings; readonly isFresh: boolean }) {
  const words = useLanguage().t.training.controls;
  const { isRunning, isDone, toggle, step, reset } = training;
  return (
    <div class="row">
      <button type="button" class="primary" disabled={isDone} onClick={toggle}>{isRunning ? words.pause : isFresh ? words.start : words.resume}</button>
      <button type="button" disabled={isDone} onClick={step}>{words.step}</button>
      <button type="button" disabled={isFresh} onClick={reset}>{words.again}</button>
    </div>
  );
}

function LossChoice({ chosen, onChoose }: { readonly chosen: LossName; readonly onChoose: (loss: LossName) => void }) {
  const { t } = useLanguage();
  const id = useId();
  return (
    <div class="row">
      <label for={id}>{t.lessons.line.loss}</label>
      <select id={id} value={chosen} onChange={(event) => { onChoose(lossNames[event.currentTarget.selectedIndex]); }}>
        {lossNames.map((name) => <option key={name} value={name}>{t.lessons.line.losses[name]}</option>)}
      </select>
    </div>
  );
}

/** The points with the line that moves between them, for the loss and the learning rate that one chooses. */
export function LinePanel({ points }: { readonly points: Points }) {
  const { t, language } = useLanguage();
  const texts = t.lessons.line;
  const words = { ...texts[points.kind], losses: texts.losses };
  const [chosen, setChosen] = useState<LossName>("perceptron");
  const [rate, setRate] = useState(rates.indexOf(0.1));
  const training = useLineTrainings(points, chosen, rates[rate]);
  const { states, isRunning, isDone } = training;
  const { step, loss } = states[chosen];
  const phase = isRunning ? texts.running : loss === 0 ? texts.nothingLeft(step) : isDone ? texts.ended(MOST_STEPS) : step === 0 ? texts.ready : texts.paused;
  return (
    <Panel title={texts.panel} about={words.about}>
      <LossChoice chosen={chosen} onChoose={setChosen} />
      <Slider label={texts.rate} value={rate} min={0} max={rates.length - 1} step={1} format={(i) => `${rates[i]}`} onChange={setRate} />
      <Controls training={training} isFresh={step === 0} />
      <p class="quiet" role="status">{phase}</p>
      <FittedFigure draw={(width) => drawLines(points, states, chosen, words, width)} />
      <p>{points.isSeparable ? texts.separable : texts.notSeparable}</p>
      <DataTable
        caption={texts.caption}
        numbers={[1, 2, 3, 4]}
        head={[texts.loss, texts.step, texts.accuracy, words.nearest, texts.value]}
        rows={lossNames.map((name) => [texts.losses[name], states[name].step, percent(states[name].accuracy, language), states[name].nearest.toFixed(2), Number(states[name].loss.toPrecision(3))])}
      />
    </Panel>
  );
}
