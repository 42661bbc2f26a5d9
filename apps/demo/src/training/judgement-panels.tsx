import { GreyImage } from "../panels/grey-image.js";
import { HeatTable } from "../panels/heat-table.js";
import { Panel } from "../panels/panel.js";
import { useLanguage } from "../shell/language.js";
import { memo } from "../shell/memo.js";
import { percent } from "../shell/numbers.js";
import type { Judgement } from "../worker/protocol.js";

interface JudgementProps {
  readonly judgement: Judgement | undefined;
  readonly classes: readonly string[];
}

const noCounts = (classes: readonly string[]): number[][] => classes.map(() => classes.map(() => 0));

/** How often each digit was taken for which. */
export const ConfusionPanel = memo(function ConfusionPanel({ judgement, classes }: JudgementProps) {
  const { t } = useLanguage();
  const words = t.training.confusion;
  return (
    <Panel title={words.title} about={judgement === undefined ? words.none : words.about}>
      <HeatTable caption={words.title} counts={judgement?.report.confusion ?? noCounts(classes)} labels={classes} rowLabel={words.actual} columnLabel={words.predicted} />
    </Panel>
  );
});

/** The test images that are taken for something else. */
export const MistakesPanel = memo(function MistakesPanel({ judgement, classes }: JudgementProps) {
  const { language, t } = useLanguage();
  const words = t.training.mistakes;
  const about = judgement === undefined ? t.training.confusion.none : judgement.wrong === 0 ? words.none : words.count(judgement.wrong, judgement.targets.length);
  return (
    <Panel title={words.title} about={about}>
      <ul class="images">
        {judgement?.mistakes.map(({ pixels, width, predicted, target, confidence }, i) => (
          <li key={i}>
            <GreyImage pixels={pixels} width={width} size={56} label={words.item(classes[predicted], classes[target], percent(confidence, language))} />
            <span aria-hidden="true">{classes[target]} → {classes[predicted]}</span>
          </li>
        ))}
      </ul>
    </Panel>
  );
});
