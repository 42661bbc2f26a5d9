import { print, widthOf, type Io } from "../io.js";
import { scriptHint } from "../train-command.js";
import type { RunEnd, RunStart, TrainView } from "../train-view.js";
import { renderCurve } from "./curve.js";
import { LABEL_WIDTH, renderEvaluation } from "./evaluation.js";
import { duration, grouped, percent } from "./format.js";
import { downloadLine, progressLine } from "./progress.js";
import { wrap } from "./table.js";

const CURVE_WIDTH = 72;
const INDENT = " ".repeat(11);

function heading({ title, recipe, data, samples, options, parameters, seed, backend, threads }: RunStart, width: number): string {
  const settings = Object.entries(options).map(([name, value]) => `${name}=${String(value)}`);
  return [
    `${title} (${recipe})`,
    `  data     ${data}, ${grouped(samples.train)} training and ${grouped(samples.test)} test samples`,
    `  model    ${grouped(parameters)} parameters, seed ${seed}`,
    `  backend  ${backend}, ${threads === 1 ? "1 thread" : `${threads} threads`}`,
    `  options  ${wrap(settings, width - INDENT.length).replaceAll("\n", `\n${INDENT}`)}`,
    "",
  ].join("\n");
}

function closing({ evaluation, losses, from, seconds, checkpoint, files, next }: RunEnd, epochs: number, io: Io): string {
  const width = widthOf(io.stdout);
  const hint = scriptHint(io);
  const curve = renderCurve(losses, { y: "loss", x: "epoch", from, to: epochs }, Math.min(width, CURVE_WIDTH));
  return [
    "",
    ...(curve === "" ? [] : [curve, ""]),
    renderEvaluation(evaluation),
    `${"time".padEnd(LABEL_WIDTH)} ${duration(seconds)}`,
    `${"checkpoint".padEnd(LABEL_WIDTH)} ${checkpoint}`,
    ...files.map((file, i) => `${(i === 0 ? "pictures" : "").padEnd(LABEL_WIDTH)} ${file}`),
    "",
    hint === undefined ? "Try next:" : `Try next (dl is short for ${hint}):`,
    ...next.map((command) => `  ${command}`),
  ].join("\n");
}

/** Lines of text, and on a terminal a progress bar. */
export function textTrainView(io: Io): TrainView {
  const line = progressLine(io);
  const downloads = downloadLine(io);
  let run: RunStart | undefined;
  const say = (text: string): void => {
    line.clear();
    print(io.stdout, text);
  };
  const epochOf = (epoch: number): string => {
    const epochs = String(run?.epochs ?? "");
    return `epoch ${String(epoch).padStart(epochs.length)}/${epochs}`;
  };
  return {
    download: downloads.update,
    start: (started) => {
      run = started;
      say(heading(started, widthOf(io.stdout)));
    },
    step: ({ epoch, samples, loss, rate, eta }) => {
      const facts = `loss ${loss.toFixed(4)}  ${grouped(rate)} ${run?.unit ?? "samples"}/s  ETA ${duration(eta)}`;
      line.update(epochOf(epoch), samples, run?.samples.train ?? samples, facts);
    },
    epoch: ({ epoch, loss, accuracy, seconds }) => {
      const right = accuracy === undefined ? "" : `  training accuracy ${percent(accuracy)}`;
      say(`${epochOf(epoch)}  loss ${loss.toFixed(4)}${right}  ${duration(seconds)}`);
    },
    stop: ({ epoch, checkpoint, resume }) => { say(`stopped in epoch ${epoch}, checkpoint in ${checkpoint}\ncontinue with: ${resume}`); },
    end: (report) => { say(closing(report, run?.epochs ?? 0, io)); },
    close: () => {
      line.clear();
      downloads.clear();
    },
  };
}
