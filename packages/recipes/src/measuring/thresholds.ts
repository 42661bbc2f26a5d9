import { chart } from "@dl/figures";
import { auc, bestThreshold, curveSvg, fpr, rocCurve, tpr } from "@dl/metrics";
import { Generator, randn } from "@dl/tensor";
import { defineCalculation } from "../define-calculation.js";

const parts = 400;
/** One part in five has a defect. */
const defects = Array.from({ length: parts }, (_, i) => Number(i % 5 === 0));

/** Chapter 3: a detector of defective parts gives scores. From which score on a part is thrown away depends on what mistakes cost. */
export const thresholds = /* @__PURE__ */ defineCalculation({
  name: "thresholds",
  title: "The ROC curve, and the threshold that costs least",
  chapter: 3,
  calculate: (seed) => {
    // Scores of both kinds overlap: sound parts around 0, defective ones around 1.5.
    const noise = randn([parts], { generator: new Generator(seed) }).dataSync();
    const scores = defects.map((defect, i) => 1.5 * defect + noise[i]);

    // TPR = TP/(TP + FN), FPR = FP/(FP + TN): both fall as the threshold rises.
    const rates = [0, 0.5, 1, 1.5].map((threshold) => {
      const predicted = scores.map((score) => Number(score >= threshold));
      return { threshold, tpr: tpr(predicted, defects), fpr: fpr(predicted, defects) };
    });
    const curve = rocCurve(scores, defects);
    const area = auc(curve.fpr, curve.tpr);

    // cost = costFP·FP + costFN·FN: a missed defect may cost ten times as much as a part thrown away, or as little.
    const missesCost = bestThreshold(scores, defects, { costFP: 1, costFN: 10 });
    const wasteCosts = bestThreshold(scores, defects, { costFP: 10, costFN: 1 });
    const series = (["tpr", "fpr"] as const).map((name) => ({ name: name.toUpperCase(), points: curve.thresholds.map((threshold, i) => [threshold, curve[name][i]] as const) }));
    return {
      text: [
        ...rates.map((own) => `threshold ${own.threshold.toFixed(1)}: TPR ${own.tpr.toFixed(3)}, FPR ${own.fpr.toFixed(3)}`),
        `The area under the ROC curve is ${area.toFixed(3)}.`,
        `If a missed defect costs 10 and a wasted part 1, the best threshold is ${missesCost.threshold.toFixed(2)}; the other way round it is ${wasteCosts.threshold.toFixed(2)}.`,
      ],
      numbers: { auc: area, cautious: missesCost.threshold, thrifty: wasteCosts.threshold, cautiousCost: missesCost.cost, thriftyCost: wasteCosts.cost },
      figures: {
        roc: curveSvg(curve),
        rates: chart({ title: "Raising the threshold", x: { label: "threshold" }, y: { label: "rate", domain: [0, 1] }, series }),
      },
    };
  },
});
