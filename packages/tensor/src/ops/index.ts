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
import { examples as arrange } from "./linear/arrange.js";
import { examples as cdist } from "./linear/cdist.js";
import { examples as diagonal } from "./linear/diagonal.js";
import { examples as einsum } from "./linear/einsum.js";
import { examples as linear } from "./linear/linear.js";
import { examples as products } from "./linear/products.js";
import { examples as solve } from "./linear/solve.js";
import { examples as matmul } from "./matmul.js";
import { examples as moving } from "./moving.js";
import { examples as norm } from "./norm/examples.js";
import { examples as rank } from "./order/rank.js";
import { examples as search } from "./order/search.js";
import { examples as sort } from "./order/sort.js";
import { examples as pad } from "./pad.js";
import { examples as pool } from "./pool/examples.js";
import { examples as reduction } from "./reduction.js";
import { examples as resample } from "./resample/examples.js";
import { examples as signal } from "./signal/examples.js";
import { examples as cumulative } from "./scan/cumulative.js";
import { examples as diff } from "./scan/diff.js";
import { examples as logCumSumExp } from "./scan/log-cum-sum-exp.js";
import { examples as indexAdd } from "./scatter/index-add.js";
import { examples as masked } from "./scatter/masked.js";
import { examples as scatter } from "./scatter/scatter.js";
import { examples as segment } from "./scatter/segment.js";
import { examples as softmax } from "./softmax.js";
import { examples as special } from "./special/examples.js";
import { examples as views } from "./views.js";

/** Every file of ops. Nothing else lists them. */
const families: readonly (() => Example[])[] = [
  arithmetic, comparison, exponential, activation, cast, reduction, softmax, matmul, linear, views, moving, embed, joining, indexing, pad,
  sort, rank, search, cumulative, logCumSumExp, diff, scatter, indexAdd, masked, segment,
  einsum, diagonal, products, cdist, arrange, solve,
  windows, conv, pool, norm, attention, special, signal, resample,
];

/** The examples of all ops. */
export const coreExamples = (): Example[] => families.flatMap((examples) => examples());

/** All ops by name. An op without an example would be missing here, so every op has one. */
export const coreOps = (): Readonly<Record<string, Op>> => Object.fromEntries(coreExamples().map(({ op }) => [op.name, op]));

/** What an app adds to its registry: all ops by name, and the reference backend. */
export const core = definePlugin({ name: "@dl/tensor", contract: 1, ops: coreOps(), backends: { reference } });
