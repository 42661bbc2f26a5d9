// The entry "@dl/tensor/ops": every op as data. Apart from the main entry, whose bundles must not hold ops that nobody calls.
import { definePlugin } from "@dl/registry";
import { reference } from "../backend/reference/backend.js";
import type { Op } from "../op/define.js";
import type { Example } from "../op/example.js";
import { examples as activation } from "./activation.js";
import { examples as arithmetic } from "./arithmetic.js";
import { examples as attention } from "./attention/attention.js";
import { examples as cast } from "./cast.js";
import { examples as comparison } from "./comparison.js";
import { examples as conv } from "./conv/examples.js";
import { examples as windows } from "./conv/windows.js";
import { examples as embed } from "./embed.js";
import { examples as exponential } from "./exponential.js";
import { examples as indexing } from "./indexing.js";
import { examples as joining } from "./joining.js";
import { examples as matmul } from "./matmul.js";
import { examples as moving } from "./moving.js";
import { examples as norm } from "./norm/examples.js";
import { examples as pad } from "./pad.js";
import { examples as pool } from "./pool/examples.js";
import { examples as reduction } from "./reduction.js";
import { examples as softmax } from "./softmax.js";
import { examples as views } from "./views.js";

/** Every file of ops. Nothing else lists them. */
const families: readonly (() => Example[])[] = [
  arithmetic, comparison, exponential, activation, cast, reduction, softmax, matmul, views, moving, embed, joining, indexing, pad,
  windows, conv, pool, norm, attention,
];

/** The examples of all ops. */
export const coreExamples = (): Example[] => families.flatMap((examples) => examples());

/** All ops by name. An op without an example would be missing here, so every op has one. */
export const coreOps = (): Readonly<Record<string, Op>> => Object.fromEntries(coreExamples().map(({ op }) => [op.name, op]));

/** What an app adds to its registry: all ops by name, and the reference backend. */
export const core = definePlugin({ name: "@dl/tensor", contract: 1, ops: coreOps(), backends: { reference } });
