import { chart } from "@dl/figures";
import { irisScatter } from "@dl/recipes";
import { lossNames, type LineState, type LossName } from "./line-training.js";
import type { Points } from "./points.js";

/** What stands in the picture. */
interface LineWords {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly losses: Readonly<Record<LossName, string>>;
}

/** Taller than wide on a phone: the legend needs its corner. */
const heightFor = (width: number): number => Math.max(380, Math.min(440, 700 - width));

/** The points, the chosen line, and those that were trained before; each loss keeps its colour. */
export function drawLines(points: Points, states: Readonly<Record<LossName, LineState>>, chosen: LossName, words: LineWords, width: number): string {
  const lines = lossNames.map((name) => ({ name: words.losses[name], points: name === chosen || states[name].step > 0 ? states[name].line : [] }));
  return chart({
    ...irisScatter(points.x, points.y, points.classNames, lines),
    title: words.title,
    x: { label: words.x, domain: points.domains.x },
    y: { label: words.y, domain: points.domains.y },
    width,
    height: heightFor(width),
  });
}
