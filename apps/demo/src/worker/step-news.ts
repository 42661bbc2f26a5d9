import { Pace } from "@dl/recipes";
import type { StepPoint, Update } from "./protocol.js";

/** Milliseconds between two messages: often enough to look alive, and drawing takes time from the training. */
const QUIET = 200;
/** Steps over which their rate is measured. */
const WINDOW = 50;

type Steps = Extract<Update, { type: "steps" }>;

export interface Step {
  readonly step: number;
  readonly epoch: number;
  readonly samples: number;
  readonly loss: number;
}

const seconds = (): number => performance.now() / 1000;

/** Gathers steps into few messages, with how fast they come. */
export class StepNews {
  #points: StepPoint[] = [];
  #sent = 0;
  #pace: Pace | undefined;
  #marks: number[] = [];
  #left: number;
  #latest = { epoch: 1, rate: 0, eta: 0 };

  /** @param samples that are still to come, over all epochs */
  constructor(samples: number, private readonly send: (steps: Steps) => void) {
    this.#left = samples;
  }

  add({ step, epoch, samples, loss }: Step): void {
    this.#pace ??= new Pace(this.#left, this.#marks.at(-1) ?? seconds());
    this.#left -= samples;
    this.#points.push({ step, loss });
    this.#marks = [...this.#marks.slice(1 - WINDOW), seconds()];
    this.#latest = { epoch, ...this.#pace.advance(samples, seconds()) };
    if (performance.now() - this.#sent >= QUIET) this.flush();
  }

  /** Sends what was held back. */
  flush(): void {
    if (this.#points.length === 0) return;
    const [first] = this.#marks;
    const passed = seconds() - first;
    this.send({ type: "steps", points: this.#points, stepsPerSecond: passed > 0 ? (this.#marks.length - 1) / passed : 0, ...this.#latest });
    this.#points = [];
    this.#sent = performance.now();
  }

  /** The time that passes from here on does not count. */
  rest(): void {
    this.flush();
    this.#pace = undefined;
    this.#marks = [];
  }
}
