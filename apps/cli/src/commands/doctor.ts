import { arch, availableParallelism, cpus, freemem, platform, totalmem } from "node:os";
import type { DatasetEntry } from "@dl/data";
import { dataDir } from "@dl/data/node";
import { Generator, rand, type BackendFactory } from "@dl/tensor";
import { isPresent } from "../data.js";
import { EXIT } from "../errors.js";
import { print, printJson, widthOf, type Io } from "../io.js";
import { registry } from "../registry.js";
import { bytes } from "../terminal/format.js";
import { renderTable } from "../terminal/table.js";
import { threadsOf } from "../threads.js";

const LEAST_NODE = [20, 19] as const;
const SIZE = 256;
const REPEATS = 5;

interface BackendReport {
  readonly name: string;
  readonly available: boolean;
  readonly threads?: number;
  readonly dtypes?: readonly string[];
  /** Speed of a 256 × 256 matrix product. */
  readonly gflops?: number;
}

export interface Report {
  readonly node: string;
  readonly nodeIsSupported: boolean;
  readonly system: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memory: { readonly total: number; readonly free: number };
  readonly backends: readonly BackendReport[];
  readonly dataDir: string;
  readonly datasets: readonly { readonly name: string; readonly present: boolean }[];
}

function isSupported(version: string): boolean {
  const [major, minor] = version.replace("v", "").split(".").map(Number);
  return major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1]);
}

async function inspectBackend(name: string, factory: BackendFactory): Promise<BackendReport> {
  if (!(await factory.isAvailable())) return { name, available: false };
  const backend = await factory.create();
  const x = rand([SIZE, SIZE], { backend, generator: new Generator(0) });
  let best = Infinity;
  for (let i = 0; i < REPEATS; i++) {
    const began = performance.now();
    await x.matmul(x).data();
    best = Math.min(best, performance.now() - began);
  }
  const gflops = Number(((2 * SIZE ** 3) / (best * 1e6)).toPrecision(3));
  return { name, available: true, threads: threadsOf(backend), dtypes: backend.capabilities.dtypes, gflops };
}

async function inspect(io: Io): Promise<Report> {
  const backends: BackendReport[] = [];
  // One after the other: each is measured.
  for (const [name, factory] of Object.entries<BackendFactory>(registry.backends)) backends.push(await inspectBackend(name, factory));
  const datasets = Object.entries<DatasetEntry>(registry.datasets).map(async ([name, entry]) => ({ name, present: await isPresent(entry, io) }));
  return {
    node: process.version,
    nodeIsSupported: isSupported(process.version),
    system: `${platform()} ${arch()}`,
    cpu: cpus().at(0)?.model ?? "unknown",
    cores: availableParallelism(),
    memory: { total: totalmem(), free: freemem() },
    backends,
    dataDir: dataDir(io.env),
    datasets: await Promise.all(datasets),
  };
}

const describeBackend = ({ available, threads, gflops }: BackendReport): string =>
  available ? `available, ${threads === 1 ? "1 thread" : `${threads} threads`}, ${gflops} GFLOP/s on a ${SIZE} × ${SIZE} product` : "not available here";

function render(report: Report, width: number): string {
  const { memory } = report;
  const rows = [
    ["node", `${report.node} ${report.nodeIsSupported ? "" : `(too old: ${LEAST_NODE.join(".")} or newer is needed)`}`],
    ["system", `${report.system}, ${report.cores} cores`],
    ["cpu", report.cpu],
    ["memory", `${bytes(memory.total)}, ${bytes(memory.free)} free`],
    ...report.backends.map((backend) => [`backend ${backend.name}`, describeBackend(backend)]),
    ["data", report.dataDir],
    ...report.datasets.map(({ name, present }) => [`data set ${name}`, present ? "here" : "not downloaded yet"]),
  ];
  return renderTable(rows, width);
}

/** What this machine offers. The exit code says whether it is enough. */
export async function doctor({ json = false }: { readonly json?: boolean }, io: Io): Promise<number> {
  const report = await inspect(io);
  if (json) printJson(io, report);
  else print(io.stdout, render(report, widthOf(io.stdout)));
  return report.nodeIsSupported ? EXIT.ok : EXIT.failure;
}
