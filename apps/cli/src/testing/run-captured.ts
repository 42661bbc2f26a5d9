import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { run } from "../program.js";

/** A terminal, or a pipe, that remembers what was written to it. */
class Capture extends Writable {
  text = "";
  readonly columns = 80;

  constructor(readonly isTTY: boolean) {
    super();
  }

  override _write(chunk: Uint8Array | string, _: BufferEncoding, done: () => void): void {
    this.text += String(chunk);
    done();
  }
}

export interface Captured {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line in this process. */
export async function runCaptured(
  argv: readonly string[],
  { env = {}, interrupted = new AbortController().signal, tty = false }: { readonly env?: NodeJS.ProcessEnv; readonly interrupted?: AbortSignal; readonly tty?: boolean } = {},
): Promise<Captured> {
  const [stdout, stderr] = [new Capture(tty), new Capture(tty)];
  const code = await run(argv, { stdout, stderr, env, interrupted });
  return { code, out: stdout.text, err: stderr.text };
}

/** The lines of a text as JSON objects. */
export const jsonLines = (text: string): Record<string, unknown>[] =>
  text.trimEnd().split("\n").map((line) => JSON.parse(line) as Record<string, unknown>);

/** Calls `use` with a new folder that is gone afterwards. */
export async function inFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "dl-cli-"));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
