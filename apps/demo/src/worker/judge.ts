import { classifierReport, type Evaluation, type Predictions, type Recipe } from "@dl/recipes";
import type { TensorModule } from "@dl/nn";
import { StateError } from "@dl/registry";
import type { LoadedData } from "./offer.js";
import type { Judgement, Mistake } from "./protocol.js";

const MOST_MISTAKES = 24;

type Wrong = Omit<Mistake, "pixels" | "width"> & { readonly row: number };

/** The rows that the model takes for another class, the most certain ones first. */
function mistaken({ probabilities, targets }: Predictions, classes: number): Wrong[] {
  return Array.from(targets, (target, row) => {
    const own = probabilities.subarray(row * classes, (row + 1) * classes);
    const predicted = own.indexOf(Math.max(...own));
    return { row, predicted, target, confidence: own[predicted] };
  })
    .filter(({ predicted, target }) => predicted !== target)
    .sort((a, b) => b.confidence - a.confidence);
}

/** How good a classifier is on the test set, with what it takes for something else. */
export async function judge(recipe: Recipe, model: TensorModule, { test, classes }: LoadedData, epoch: number): Promise<Judgement> {
  const { confusion, predictions, metrics }: Evaluation = await recipe.evaluate(model, test, { labels: classes });
  if (confusion === undefined || predictions === undefined) throw new StateError("page", `${recipe.name} is no classifier`, "Choose another recipe");
  const wrong = mistaken(predictions, confusion.numClasses);
  return {
    epoch,
    metrics,
    report: classifierReport(confusion, predictions),
    ...predictions,
    wrong: wrong.length,
    mistakes: wrong.slice(0, MOST_MISTAKES).map(({ row, ...mistake }) => {
      const { x } = test.sample(row);
      return { ...mistake, pixels: Float32Array.from(x.data), width: x.shape[x.shape.length - 1] };
    }),
  };
}
