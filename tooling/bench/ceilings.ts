// What this machine's 128-bit units and memory can do at most, measured by the smallest loops, and how close kernels come.
import { wasm } from "@dl/backend-wasm";
import { Program, gelu, inputExpr, randn, useBackend } from "@dl/tensor";
import { ModuleBuilder, f32x4, i32, loopFrom, plus, unrolled, v128 } from "../../packages/backend-wasm/src/assembler/index.js";
import type { Code, FunctionBuilder } from "../../packages/backend-wasm/src/assembler/index.js";
import { Engine } from "../../packages/backend-wasm/src/engine.js";
import type { Kernel } from "../../packages/backend-wasm/src/kernel.js";
import { gatheredModule } from "../../packages/backend-wasm/src/kernels/conv/conv.js";
import { gemmModule } from "../../packages/backend-wasm/src/kernels/gemm/gemm.js";
import { mapModule } from "../../packages/backend-wasm/src/kernels/map.js";
import { secondsPerCall } from "./measure.js";
import type { Row } from "./measure.js";

const signature = ["i32", "i32", "i32", "i32"] as const;

function kernelOf(engine: Engine, body: (f: FunctionBuilder) => void): Kernel {
  return engine.compile((shared) => {
    const module = new ModuleBuilder(shared, "ceiling");
    module.function("run", signature, [], body);
    return module;
  });
}

/** As many chains as registers hold beside two operands: enough to hide how long one operation takes. */
const chains = 13;
const turns = 1 << 16;

function arithmetic(engine: Engine, multiplyAdd: (a: Code<"v128">, b: Code<"v128">, sum: Code<"v128">) => Code<"v128">): number {
  const kernel = kernelOf(engine, (f) => {
    const sums = f.localsOf("v128", chains);
    const x = f.hold("v128", f32x4.const(1e-9));
    f.push(
      sums.map((sum) => sum.set(f32x4.const(1))),
      loopFrom(f.local("i32"), i32.const(0), i32.const(turns), 1, sums.map((sum) => sum.set(multiplyAdd(sum.get, x.get, x.get)))),
      // Without a use the loop would be empty.
      sums.map((sum) => v128.store(f.param("i32", 3).get, sum.get)),
    );
  });
  const scratch = engine.heap.takeForever(64);
  return (turns * chains * 8) / secondsPerCall(() => { kernel.run(0, 0, 0, scratch); }) / 1e9;
}

const megabytes = 64;

function copying(engine: Engine): number {
  const bytes = megabytes * 2 ** 20;
  const [from, to] = [engine.heap.takeForever(bytes), engine.heap.takeForever(bytes)];
  const kernel = kernelOf(engine, (f) => {
    const [source, target] = [f.param("i32", 1), f.param("i32", 2)];
    const lanes = f.localsOf("v128", 4);
    f.push(loopFrom(f.local("i32"), i32.const(0), i32.const(bytes / 64), 1, [
      unrolled(4, (k) => lanes[k].set(v128.load(source.get, 16 * k))),
      unrolled(4, (k) => v128.store(target.get, lanes[k].get, 16 * k)),
      plus(source, 64),
      plus(target, 64),
    ]));
  });
  return (2 * bytes) / secondsPerCall(() => { kernel.run(0, from, to, 0); }) / 1e9;
}

const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(0)} % of the ceiling`;

async function products(threads: number | "auto", ceiling: number, relaxedSimd: boolean): Promise<Row[]> {
  const backend = await useBackend(wasm({ threads, relaxedSimd }));
  const count = backend.threads ?? 1;
  return [512, 1024].map((n) => {
    const [a, b] = [randn([n, n]), randn([n, n])];
    const value = (2 * n ** 3) / secondsPerCall(() => { backend.free(a.matmul(b).buffer); }) / 1e9;
    return { name: `matmul ${n}, ${count} thread${count === 1 ? "" : "s"}${relaxedSimd ? ", fused" : ""}`, value, unit: "GFLOP/s", goal: percent(value, ceiling * count) };
  });
}

async function streams(ceiling: number): Promise<Row[]> {
  const backend = await useBackend(wasm({ threads: 1 }));
  const n = (megabytes * 2 ** 20) / 4;
  const [a, b] = [randn([n]), randn([n])];
  const add = (12 * n) / secondsPerCall(() => { const y = a.add(b); y.slice(0, 0, 1).item(); backend.free(y.buffer); }) / 1e9;
  const each = secondsPerCall(() => { const y = gelu(a); y.slice(0, 0, 1).item(); backend.free(y.buffer); }) / n;
  return [
    { name: `add of ${megabytes} MB, 1 thread`, value: add, unit: "GB/s", goal: percent(add, ceiling) },
    { name: "gelu, per element, 1 thread", value: each * 1e9, unit: "ns" },
  ];
}

/** From the generator's first step to a kernel that runs. */
function compiling(engine: Engine): Row[] {
  const x = inputExpr(0);
  const program = new Program([x.mul(0.5).mul(x.mul(Math.SQRT1_2).erf().add(1))], 1, 0);
  const typing = program.typing([{ dtype: "float32" }], false);
  const shape = { program, typing, inputs: [{ dtype: "float32" as const, access: "unit" as const }], outputs: ["float32" as const], depth: 0 };
  const modules: Readonly<Record<string, (sharedMemory: boolean) => ModuleBuilder>> = {
    "map (gelu)": (shared) => mapModule(shape, shared),
    product: (shared) => gemmModule("multiply", 0, { fma: false }, shared),
    convolution: (shared) => gatheredModule({ fma: false }, shared),
  };
  return Object.entries(modules).map(([name, make]) => ({
    name: `generate and compile: ${name}`, value: secondsPerCall(() => { engine.compile(make); }, { rounds: 3 }) * 1e3, unit: "ms",
  }));
}

async function forkJoin(): Promise<Row> {
  const engine = new Engine({ threads: 2, fma: false, fusion: false });
  const kernel = kernelOf(engine, () => undefined);
  while ((engine.pool?.ready ?? 0) < 1) await new Promise((resolve) => setTimeout(resolve, 1));
  const seconds = secondsPerCall(() => { engine.pool?.run(kernel, 0, 2, 1); });
  engine.pool?.stop();
  return { name: "empty fork and join of 2 threads", value: seconds * 1e6, unit: "µs", goal: "goal ≤ 5" };
}

export async function ceilingRows(): Promise<Row[]> {
  const engine = new Engine({ threads: 1, fma: false, fusion: false });
  const plain = arithmetic(engine, (a, b, sum) => f32x4.add(sum, f32x4.mul(a, b)));
  const { fma } = (await wasm({ threads: 1, relaxedSimd: true }).create()).info;
  const fused = fma ? arithmetic(engine, f32x4.relaxedMadd) : null;
  const copied = copying(engine);
  return [
    { name: "ceiling: multiplications and additions", value: plain, unit: "GFLOP/s" },
    ...(fused === null ? [] : [{ name: "ceiling: fused multiplications and additions", value: fused, unit: "GFLOP/s" }]),
    ...(await products(1, plain, false)),
    ...(await products("auto", plain, false)),
    ...(fused === null ? [] : await products(1, fused, true)),
    { name: `ceiling: copying ${megabytes} MB`, value: copied, unit: "GB/s" },
    ...(await streams(copied)),
    ...compiling(engine),
    await forkJoin(),
  ];
}
