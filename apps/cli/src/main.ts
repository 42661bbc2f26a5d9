#!/usr/bin/env node
import { EXIT } from "./errors.js";
import { run } from "./program.js";

const interruption = new AbortController();

// The first Ctrl-C asks the command to come to an end, the second one does not wait for it.
process.on("SIGINT", () => {
  if (interruption.signal.aborted) process.exit(EXIT.interrupted);
  interruption.abort();
});

process.exitCode = await run(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  interrupted: interruption.signal,
});
