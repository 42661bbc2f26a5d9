import { print, widthOf, type Io } from "../io.js";
import type { RunEnd, RunStart, TrainView } from "../train-view.js";
import { renderCurve } from "./curve.js";
import { bytes, duration, grouped, percent } from "./format.js";
import { progressLine } from "./progress.js";
import { wrap } from "./table.js";

const describeMetric = (name: string, value: number): string => (name.endsWith("Accuracy") ? percent(value) : value.toPrecision(4));

/** `testAccuracy` → `test accuracy`. */
const spaced = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

function heading({ title, recipe, data, samples, options, parameters, seed, backend, threads }: RunStart, width: number): string {
  const settings = Object.entries(options).map(([name, value]) => `${name}=${String(value)}`);
  return [
    `${title} (${recipe})`,
    `  data     ${data}, ${grouped(samples.train)} training and ${grouped(samples.test)} test samples`,
    `  model    ${grouped(parameters)} parameters, seed ${seed}`,
    `  backend  ${backend}, ${threads === 1 ? "1 thread" : `${threads} threads`}`,
    `  options  ${wrap(settings, width - 11).replaceAll("\n", `\n${" ".repeat(11)}`)}`,
    "",
  ].join("\n");
}

function summary({ evaluation, losses, seconds, checkpoint, next }: RunEnd, epochs: number, width: number): string {
  const curve = renderCurve(losses, { y: "loss", x: "epoch", from: 0, to: epochs }, Math.min(width, 72));
  return [
    "",
    ...(curve === "" ? [] : [curve, ""]),
    ...(evaluation.confusion === undefined ? [] : [evaluation.confusion.toString(), ""]),
    ...Object.entries(evaluation.metrics).map(([name, value]) => `${spaced(name).padEnd(14)} ${describeMetric(name, value)}`),
    `${"time".padEnd(14)} ${duration(seconds)}`,
    `${"checkpoint".padEnd(14)} ${checkpoint}`,
    "",
    "Try next:",
    ...next.map((command) => `  ${command}`),
  ].join("\n");
}

/** Lines of text, and on a terminal a progress bar. */
export function textTrainView(io: Io): TrainView {
  const line = progressLine(io);
  const width = widthOf(io.stdout);
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
    download: ({ url, bytes: done, total, rate }) => {
      const file = url.slice(url.lastIndexOf("/") + 1);
      line.update(file, done, total, `${bytes(done)} of ${bytes(total)}  ${bytes(rate)}/s`);
      if (done === total) say(`downloaded ${file} (${bytes(total)})`);
    },
    start: (started) => {
      run = started;
      say(heading(started, width));
    },
    step: ({ epoch, samples, loss, rate, eta }) => {
      const total = run?.samples.train ?? samples;
      line.update(epochOf(epoch), samples, total, `loss ${loss.toFixed(4)}  ${grouped(rate)} images/s  ETA ${duration(eta)}`);
    },
    epoch: ({ epoch, loss, seconds }) => { say(`${epochOf(epoch)}  loss ${loss.toFixed(4)}  ${duration(seconds)}`); },
    stop: ({ epoch, checkpoint, resume }) => {
      say(`stopped in epoch ${epoch}; checkpoint in ${checkpoint}\ncontinue with: ${resume}`);
    },
    end: (report) => { say(summary(report, run?.epochs ?? 0, width)); },
    close: () => { line.clear(); },
  };
}
