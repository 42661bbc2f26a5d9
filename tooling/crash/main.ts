// Started by the crash test: node --conditions=@dl/source --import tsx tooling/crash/main.ts DIR
import { writeSync } from "node:fs";
import { train } from "./training.js";

await train(process.argv[2], (line) => { writeSync(1, `${line}\n`); });
