import type { Page } from "playwright";

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds of the processor's time. */
  readonly tdur?: number;
  readonly args: { readonly name?: string };
}

/**
 * Watches the tasks of the pages' main threads. What they take of the processor is theirs; how long they last is also up to the worker's
 * threads, which keep every core busy.
 * @returns ends it, and gives the milliseconds that each task took of the processor
 */
export async function watchTasks(page: Page): Promise<() => Promise<number[]>> {
  const browser = page.context().browser();
  if (browser === null) throw new Error("watchTasks: the page has no browser");
  await browser.startTracing(page, { categories: ["toplevel"] });
  return async () => {
    const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { readonly traceEvents: readonly TraceEvent[] };
    const threadOf = ({ pid, tid }: TraceEvent): string => `${pid} ${tid}`;
    const mains = new Set(traceEvents.filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain").map(threadOf));
    return traceEvents.filter((event) => event.ph === "X" && mains.has(threadOf(event))).map(({ tdur = 0 }) => tdur / 1000);
  };
}
