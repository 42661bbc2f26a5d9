/** Where text goes. A terminal says how wide it is. */
export interface Sink extends NodeJS.WritableStream {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

/** Everything a command touches outside of its arguments, so that tests can hand in their own. */
export interface Io {
  readonly stdout: Sink;
  readonly stderr: Sink;
  readonly env: NodeJS.ProcessEnv;
  /** Aborted by the first Ctrl-C. */
  readonly interrupted: AbortSignal;
}

export const DEFAULT_WIDTH = 80;

export const print = (sink: Sink, text: string): void => {
  sink.write(`${text}\n`);
};

/** One JSON object on a line of its own. */
export const printJson = (io: Io, value: object): void => {
  print(io.stdout, JSON.stringify(value));
};

/** The width to write for. */
export const widthOf = (sink: Sink): number => sink.columns ?? DEFAULT_WIDTH;
