import type { Progress } from "@dl/data/node";
import { Presets, SingleBar } from "cli-progress";
import { print, type Io } from "../io.js";
import { bytes } from "./format.js";

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
          { stream: stderr, format: FORMAT, barsize: BAR_WIDTH, hideCursor: true, clearOnComplete: true, gracefulExit: false },
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

/** Shows downloads: a bar on a terminal, and a line for each file that is done. Nothing at all when `quiet`. */
export function downloadLine(io: Io, quiet = false): { readonly update: (progress: Progress) => void; readonly clear: () => void } {
  const line = progressLine(io);
  return {
    update: ({ url, bytes: done, total, rate }) => {
      if (quiet) return;
      const file = url.slice(url.lastIndexOf("/") + 1);
      line.update(file, done, total, `${bytes(done)} of ${bytes(total)}  ${bytes(rate)}/s`);
      if (done < total) return;
      line.clear();
      print(io.stderr, `downloaded ${file} (${bytes(total)})`);
    },
    clear: () => { line.clear(); },
  };
}
