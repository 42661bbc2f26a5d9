import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** What a run found out, by flat camelCase name, with how long it took. */
export type Numbers = Readonly<Record<string, number>>;

type News = (line: string) => void;

/** The last JSON object that a run prints: `end` of a training, or all that a calculation says. */
interface Ending {
  readonly metrics?: Numbers;
  readonly numbers?: Numbers;
  readonly seconds?: number;
}

/** Runs `dl` with words of its command line as a user would, in a process of its own, and gives what it found. @throws Error with its last words when it fails */
export async function runDl(words: readonly string[], news: News): Promise<Numbers> {
  const began = performance.now();
  const child = spawn(process.execPath, ["--conditions=@dl/source", "--import", "tsx", "apps/cli/src/main.ts", ...words, "--json"], { stdio: ["ignore", "pipe", "pipe"] });
  const complaints: string[] = [];
  child.stderr.setEncoding("utf8").on("data", (text: string) => complaints.push(text));
  const closed = new Promise<number | null>((resolve, reject) => { child.once("error", reject).once("close", resolve); });
  let last = "{}";
  for await (const line of createInterface({ input: child.stdout })) {
    last = line;
    news(line);
  }
  if ((await closed) !== 0) throw new Error(`dl ${words.join(" ")} failed: ${complaints.join("").trim() || last}`);
  const { metrics, numbers, seconds } = JSON.parse(last) as Ending;
  return { ...numbers, ...metrics, seconds: seconds ?? (performance.now() - began) / 1000 };
}
