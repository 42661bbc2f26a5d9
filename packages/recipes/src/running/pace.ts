/** Seconds over which the rate is averaged, so that the time left does not jump. */
const WINDOW = 5;

interface Mark {
  readonly at: number;
  readonly samples: number;
}

/** How fast samples pass, and how long the others will take. */
export class Pace {
  readonly #marks: Mark[];

  /** @param now in seconds */
  constructor(private left: number, now: number) {
    this.#marks = [{ at: now, samples: 0 }];
  }

  /** Counts samples, and gives the rate per second of late and the seconds until none is left. */
  advance(samples: number, now: number): { readonly rate: number; readonly eta: number } {
    this.left -= samples;
    const marks = this.#marks;
    marks.push({ at: now, samples: marks[marks.length - 1].samples + samples });
    while (marks.length > 2 && marks[1].at < now - WINDOW) marks.shift();
    const rate = (marks[marks.length - 1].samples - marks[0].samples) / Math.max(now - marks[0].at, 1e-3);
    return { rate, eta: Math.max(0, this.left) / rate };
  }
}
