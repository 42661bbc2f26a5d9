import type { Op } from "../op/define.js";
import { opBrand } from "../op/define.js";
import type { Example } from "../op/example.js";
import * as activation from "./activation.js";
import * as arithmetic from "./arithmetic.js";
import * as cast from "./cast.js";
import * as comparison from "./comparison.js";
import * as embed from "./embed.js";
import * as exponential from "./exponential.js";
import * as indexing from "./indexing.js";
import * as joining from "./joining.js";
import * as matmul from "./matmul.js";
import * as moving from "./moving.js";
import * as pad from "./pad.js";
import * as reduction from "./reduction.js";
import * as softmax from "./softmax.js";
import * as views from "./views.js";

/** Every file of ops. Nothing else lists them. */
const modules = (): readonly ({ readonly examples: () => Example[] } & Readonly<Record<string, unknown>>)[] => [
  arithmetic, comparison, exponential, activation, cast, reduction, softmax, matmul, views, moving, embed, joining, indexing, pad,
];

const isOp = (value: unknown): value is Op => typeof value === "function" && opBrand in value;

/** The examples of all ops. */
export const coreExamples = (): Example[] => modules().flatMap((module) => module.examples());

/** All ops by name: those that are exported, and those that only methods call. */
export function coreOps(): Readonly<Record<string, Op>> {
  const exported = modules().flatMap((module) => Object.values(module).filter(isOp));
  const exampled = coreExamples().map(({ op }) => op);
  return Object.fromEntries([...exported, ...exampled].map((op) => [op.name, op]));
}
