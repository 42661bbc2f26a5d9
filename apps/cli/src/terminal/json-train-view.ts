import { printJson, type Io } from "../io.js";
import type { RunStart, TrainView } from "../train-view.js";

/** One JSON object per line: `start`, `epoch` for each one, and `end` or `stop`. */
export function jsonTrainView(io: Io): TrainView {
  let started: RunStart | undefined;
  return {
    download: () => undefined,
    start: (run) => {
      started = run;
      printJson(io, { event: "start", ...run });
    },
    step: () => undefined,
    epoch: (report) => { printJson(io, { event: "epoch", ...report }); },
    stop: (report) => { printJson(io, { event: "stop", recipe: started?.recipe, seed: started?.seed, ...report }); },
    end: ({ seconds, evaluation, checkpoint, files }) => {
      const { recipe, seed, backend, threads } = { ...started };
      printJson(io, { event: "end", recipe, seed, backend, threads, seconds, metrics: evaluation.metrics, ...(evaluation.texts && { texts: evaluation.texts }), checkpoint, files });
    },
    close: () => undefined,
  };
}
