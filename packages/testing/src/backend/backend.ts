import { ValueError, checkOptions, unknownName } from "@dl/registry";
import { createReferenceBackend } from "@dl/tensor";
import type { Backend, BackendFactory, DType, Gap } from "@dl/tensor";
import { CheckError } from "../check.js";
import type { Check } from "../check.js";
import { asyncChecks } from "./async-checks.js";
import { errorChecks } from "./error-checks.js";
import { exampleChecks } from "./example-checks.js";
import type { KernelCase } from "./kernel-case.js";
import { kernelChecks, leakChecks } from "./kernel-checks.js";
import type { Pair } from "./kernel-checks.js";
import { largeChecks } from "./large-checks.js";
import { mapCases } from "./map-cases.js";
import { matmulCases } from "./matmul-cases.js";
import { memoryChecks } from "./memory-checks.js";
import { moveCases } from "./move-cases.js";
import { naiveBackend } from "./naive.js";
import type { Named } from "./named.js";
import { oddCases } from "./odd-cases.js";
import { optionalCases } from "./optional-cases.js";
import { reduceCases } from "./reduce-cases.js";
import { specialCases } from "./special-cases.js";
import { trainingChecks } from "./training/checks.js";

export interface BackendOptions {
  /** What the backend cannot do. Every entry needs a reason and must leave out something. Default: the gaps that its factory declares. */
  readonly skip?: readonly Gap[];
  /** What results are compared with. Default: the reference backend. */
  readonly oracle?: Backend;
  /**
   * "small", for devices that compile each kernel anew for each shape: every fourth of the odd shapes and of the cases that are watched for
   * leaks, and examples either of contiguous or of transposed inputs. Default "full".
   */
  readonly size?: "full" | "small";
}

type Source = Backend | BackendFactory;

async function open(source: Source): Promise<Backend> {
  if (!("create" in source)) return source;
  if (!(await source.isAvailable())) throw new CheckError("testBackend", `backend "${source.name}" is not available here`, "Do not register its suite here");
  return source.create();
}

function applySkips(named: readonly Named[], skips: readonly Gap[]): Check[] {
  const names = new Set(named.map(([op]) => op));
  for (const { op, reason } of skips) {
    if (!names.has(op)) throw unknownName("testBackend", "op to skip", op, names);
    if (reason.trim() === "") throw new ValueError("testBackend", `the skip of "${op}" has no reason`, "Write one");
  }
  const reasons = new Map(skips.map(({ op, reason }) => [op, reason]));
  return named.map(([op, check]) => {
    const reason = reasons.get(op);
    return reason === undefined ? check : { ...check, skip: reason };
  });
}

const requiredCases = (): KernelCase[] => [...mapCases(), ...specialCases(), ...reduceCases(), ...matmulCases(), ...moveCases(), ...oddCases()];

/**
 * A backend's whole test. Compared with the reference backend: every example of the core ops, with gradients, and every kernel of the
 * contract on strided, stretched, empty, odd, large and special inputs, each twice for the same bits; whole trainings. Compared with the
 * naive one: the optional kernels that it has. By themselves: memory, leaks where it counts its memory, reads that nobody awaits, errors.
 * What needs a dtype that the backend does not declare is outside of its suite.
 * @throws ValueError on a skip without a reason, UnknownNameError on one that leaves nothing out
 */
export async function testBackend(factory: () => Source | Promise<Source>, options: BackendOptions = {}): Promise<Check[]> {
  checkOptions("testBackend", options, ["skip", "oracle", "size"]);
  const source = await factory();
  const backend = await open(source);
  const pair: Pair = { backend, oracle: options.oracle ?? createReferenceBackend() };
  const { dtypes } = backend.capabilities;
  if (!dtypes.includes("float32")) throw new CheckError("testBackend", `backend "${backend.name}" does not declare float32`, "Every backend has float32");
  const declared = (needed: Iterable<DType>): boolean => [...needed].every((dtype) => dtypes.includes(dtype));
  const concerning = (cases: readonly KernelCase[]): KernelCase[] => cases.filter((item) => declared(item.dtypes ?? []));

  const memory = [...memoryChecks(backend), ...asyncChecks(backend)].map((check): Named => ["memory", check]);
  const isSmall = options.size === "small";
  const isChosen = (_: unknown, i: number): boolean => !isSmall || i % 4 === 0;
  const thinned = (cases: readonly KernelCase[]): KernelCase[] => cases.filter((item, i) => item.group === undefined || isChosen(item, i));
  const [required, optional] = [thinned(concerning(requiredCases())), thinned(concerning(optionalCases(backend)))];
  return applySkips(
    [
      ...memory,
      ...errorChecks(backend),
      ...kernelChecks(required, pair),
      // The oracle may lack what is optional; the naive backend has all of it.
      ...kernelChecks(optional, { backend, oracle: naiveBackend() }),
      ...leakChecks([...required, ...optional].filter(isChosen), backend),
      ...largeChecks(backend),
      ...exampleChecks(pair, declared, isSmall),
      ...trainingChecks(pair, declared),
    ],
    options.skip ?? ("create" in source ? source.gaps : undefined) ?? [],
  );
}
