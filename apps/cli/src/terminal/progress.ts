import { Presets, SingleBar } from "cli-progress";
import type { Io } from "../io.js";

const FORMAT = "{label} {bar} {facts}";
const BAR_WIDTH = 20;

/** One line that is drawn over and over on a terminal; elsewhere nothing. */
export interface ProgressLine {
  update(label: string, done: number, total: number, facts: string): void;
  clear(): void;
}

/** Draws on stderr, so that stdout holds results only. */
export function progressLine({ stderr }: Io): ProgressLine {
  if (stderr.isTTY !== true) return { update: () => undefined, clear: () => undefined };
  let bar: SingleBar | undefined;
  return {
    update: (label, done, total, facts) => {
      if (bar === undefined) {
        bar = new SingleBar(
          { stream: stderr, format: FORMAT, barsize: BAR_WIDTH, hideCursor: true, clearOnComplete: true, gracefulExit: false, autopadding: true },
          Presets.shades_classic,
        );
        bar.start(total, done, { label, facts });
      } else {
        bar.setTotal(total);
        bar.update(done, { label, facts });
      }
    },
    clear: () => {
      bar?.stop();
      bar = undefined;
    },
  };
}
