import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

export interface StoredTensor {
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Row-major; the numbers that JSON lacks are "NaN", "Infinity" and "-Infinity". */
  readonly data: readonly (number | boolean | string)[];
}

export interface StoredNode {
  readonly op: string;
  /** Names of tensors; an empty one leaves an optional input out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attrs: Readonly<Record<string, number | string | readonly number[] | readonly string[] | StoredTensor>>;
}

/** A small graph with its inputs and the outputs that were recorded for them. */
export interface GoldenCase {
  readonly name: string;
  readonly opset: number;
  readonly nodes: readonly StoredNode[];
  readonly tensors: Readonly<Record<string, StoredTensor>>;
  readonly outputs: Readonly<Record<string, StoredTensor>>;
  readonly rtol: number;
  readonly atol: number;
}

interface GoldenFile {
  readonly cases: readonly GoldenCase[];
}

export function readGolden(directory: string, name: string): readonly GoldenCase[] {
  const text = gunzipSync(readFileSync(join(directory, "golden", `${name}.json.gz`))).toString("utf8");
  return (JSON.parse(text) as GoldenFile).cases;
}

/** The operators that a case uses, each once. */
export const operatorsOf = ({ nodes }: GoldenCase): string[] => [...new Set(nodes.map(({ op }) => op))];
