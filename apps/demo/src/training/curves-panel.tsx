import { Curve } from "../panels/curve.js";
import { Panel } from "../panels/panel.js";
import { useLanguage } from "../shell/language.js";
import { percent } from "../shell/numbers.js";
import type { Progress } from "./progress.js";

/** Loss of every step, and accuracy after every epoch. */
export function CurvesPanel({ progress: { curves, prepared, version } }: { readonly progress: Progress }) {
  const { language, t } = useLanguage();
  const words = t.training.curves;
  const last = curves.smooth.at(-1);
  const [train, test] = [curves.trainAccuracy.at(-1), curves.testAccuracy.at(-1)];
  const steps = prepared === undefined ? 1 : prepared.epochs * prepared.stepsPerEpoch;
  const xRange = [0, steps] as const;
  return (
    <Panel title={words.title} wide>
      <div class="charts">
        <div>
          <h3>{words.loss}</h3>
          <Curve
            label={last === undefined ? `${words.loss}: ${words.none}` : `${words.loss}: ${last.toFixed(3)}`}
            x={words.step} y={words.lossAxis} version={version} xRange={xRange}
            series={[{ name: words.perStep, colour: 1, faint: true }, { name: words.smooth, colour: 1 }]}
            data={[curves.steps, curves.losses, curves.smooth]}
          />
        </div>
        <div>
          <h3>{words.accuracy}</h3>
          <Curve
            label={`${words.accuracy}: ${typeof train === "number" ? `${words.train} ${percent(train, language)}` : words.none}${typeof test === "number" ? `, ${words.test} ${percent(test, language)}` : ""}`}
            x={words.step} y={words.accuracyAxis} version={curves.epochSteps.length + curves.testAccuracy.filter((share) => share !== null).length} xRange={xRange} range={[0, 1]}
            series={[{ name: words.train, colour: 1, dots: true }, { name: words.test, colour: 2, dots: true }]}
            data={[curves.epochSteps, curves.trainAccuracy, curves.testAccuracy]}
          />
        </div>
      </div>
    </Panel>
  );
}
