// BLEU against sacreBLEU: 20 translations together and each alone.
import { bleu } from "@dl/metrics";
import type { BleuOptions } from "@dl/metrics";
import { describe, expect, test } from "vitest";
import { readFixture } from "./fixture.js";

interface Options extends Required<Pick<BleuOptions, "smoothing">> {
  readonly candidates: readonly (readonly string[])[];
  readonly references: readonly (readonly (readonly string[])[])[];
  readonly score: number;
}

const cases = readFixture<Options>("bleu");

describe("SEQ-05 BLEU is sacreBLEU's", () => {
  test("there are 20 pairs", () => {
    expect(cases[0].options.candidates).toHaveLength(20);
  });

  test.each(cases.map(({ name, options }) => [name, options.smoothing, options] as const))("%s, smoothing %s", (_, smoothing, { candidates, references, score }) => {
    expect(bleu(candidates, references, { smoothing })).toBeCloseTo(score, 10);
  });
});
