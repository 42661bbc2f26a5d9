import { arch, availableParallelism, cpus, freemem, platform, totalmem } from "node:os";
import type { DatasetEntry } from "@dl/data";
import { dataDir } from "@dl/data/node";
import { chooseBackend, type BackendCandidate, type BackendInfo, type BackendSpeed } from "@dl/tensor";
import { isPresent } from "../data.js";
import { EXIT } from "../errors.js";
import { print, printJson, widthOf, type Io } from "../io.js";
import { registry } from "../registry.js";
import { bytes } from "../terminal/format.js";
import { renderTable, wrap } from "../terminal/table.js";
import { threadsOf } from "../threads.js";

const LEAST_NODE = [20, 19] as const;

/** Floating-point operations of a small convolutional network's step, by which backends are ranked. */
const typicalStep = 1e9;

export interface DoctorFlags {
  readonly json?: boolean;
  /** The backend whose suite is to run. */
  readonly conformance?: string;
}

interface BackendReport {
  readonly name: string;
  readonly available: boolean;
  /** Why it is not. */
  readonly reason?: string;
  readonly threads?: number;
  readonly dtypes?: readonly string[];
  readonly speed?: BackendSpeed;
  readonly info?: BackendInfo;
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

function reportOf(candidate: BackendCandidate): BackendReport {
  if (!candidate.available) return candidate;
  const { name, backend, speed } = candidate;
  const { info, capabilities } = backend;
  return { name, available: true, threads: threadsOf(backend), dtypes: capabilities.dtypes, speed, ...(info && { info: { ...info } }) };
}

async function inspect(io: Io): Promise<Report> {
  const { candidates } = await chooseBackend(registry, typicalStep);
  const datasets = Object.entries<DatasetEntry<unknown>>(registry.datasets).map(async ([name, entry]) => ({ name, present: await isPresent(entry, io) }));
  return {
    node: process.version,
    nodeIsSupported: isSupported(process.version),
    system: `${platform()} ${arch()}`,
    cpu: cpus().at(0)?.model ?? "unknown",
    cores: availableParallelism(),
    memory: { total: totalmem(), free: freemem() },
    backends: candidates.map(reportOf),
    dataDir: dataDir(io.env),
    datasets: await Promise.all(datasets),
  };
}

const giga = (perSecond: number): string => `${Number((perSecond / 1e9).toPrecision(3))}`;

/** A row per backend, the fastest first: what `--backend auto` goes by. */
function renderBackends(backends: readonly BackendReport[], width: number): string {
  const header = ["backend", "threads", "products", "convolutions", "elementwise", "read-back"];
  const units = ["", "", "GFLOP/s", "GFLOP/s", "G/s", "µs"];
  const rows = backends.flatMap(({ name, threads = 1, speed }) =>
    speed === undefined ? [] : [[name, `${threads}`, giga(speed.matmul), giga(speed.convolution), giga(speed.elementwise), `${Number((speed.readBack * 1e6).toPrecision(3))}`]],
  );
  const absent = backends.flatMap(({ name, reason }) => (reason === undefined ? [] : [wrap(`${name} is not available here: ${reason}`.split(" "), width)]));
  const present = backends.flatMap(({ name, info }) => (info?.runs === undefined ? [] : [wrap(`${name} runs ${info.runs}. ${info.notes.join(" ")}`.split(" "), width)]));
  return [renderTable([header, units, ...rows], width), ...present, ...absent].join("\n");
}

function render(report: Report, width: number): string {
  const { memory } = report;
  const rows = [
    ["node", `${report.node} ${report.nodeIsSupported ? "" : `(too old: ${LEAST_NODE.join(".")} or newer is needed)`}`],
    ["system", `${report.system}, ${report.cores} cores`],
    ["cpu", report.cpu],
    ["memory", `${bytes(memory.total)}, ${bytes(memory.free)} free`],
    ["data", report.dataDir],
    ...report.datasets.map(({ name, present }) => [`data set ${name}`, present ? "here" : "not downloaded yet"]),
  ];
  return `${renderTable(rows, width)}\n\n${renderBackends(report.backends, width)}`;
}

/** What this machine offers. The exit code says whether it is enough. */
export async function doctor({ json = false }: DoctorFlags, io: Io): Promise<number> {
  const report = await inspect(io);
  if (json) printJson(io, report);
  else print(io.stdout, render(report, widthOf(io.stdout)));
  return report.nodeIsSupported ? EXIT.ok : EXIT.failure;
}
