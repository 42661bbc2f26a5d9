#!/usr/bin/env node
import { EXIT } from "./errors.js";
import { run } from "./program.js";

/** Package managers pass Ctrl-C on, so that one press may arrive twice; nobody presses twice within these milliseconds. */
const ECHO = 200;
const SHOW_CURSOR = "\u001B[?25h";

const interruption = new AbortController();
let interruptedAt = Infinity;

// The first Ctrl-C asks the command to come to an end, the second one does not wait for it.
process.on("SIGINT", () => {
  const now = performance.now();
  if (!interruption.signal.aborted) {
    interruptedAt = now;
    interruption.abort();
  } else if (now - interruptedAt > ECHO) {
    if (process.stderr.isTTY) process.stderr.write(SHOW_CURSOR);
    process.exit(EXIT.interrupted);
  }
});

// A reader that has seen enough, such as `head`, is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(EXIT.ok);
  throw error;
});

process.exitCode = await run(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  interrupted: interruption.signal,
});
