import type { Page } from "playwright";

interface Seen {
  /** In milliseconds since the page began. */
  readonly longTasks: { readonly start: number; readonly duration: number }[];
  readonly shifts: { readonly start: number; readonly value: number; readonly sources: string[] }[];
}

interface LayoutShift extends PerformanceEntry {
  readonly value: number;
  readonly hadRecentInput: boolean;
  readonly sources: readonly { readonly node: Node | null }[];
}

type Watched = typeof window & { readonly seen: Seen };

/** Runs in the page before all else. */
function watch(): void {
  const seen: Seen = { longTasks: [], shifts: [] };
  Object.assign(window, { seen });
  const name = (node: Node | null): string => (node instanceof Element ? `${node.tagName} ${node.className}` : String(node?.textContent));
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) seen.longTasks.push({ start: startTime, duration });
  }).observe({ type: "longtask", buffered: true });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as LayoutShift[]) {
      if (!entry.hadRecentInput) seen.shifts.push({ start: entry.startTime, value: entry.value, sources: entry.sources.map(({ node }) => name(node)) });
    }
  }).observe({ type: "layout-shift", buffered: true });
}

/** Notes long tasks and layout shifts of all documents to come. */
export const observe = (page: Page): Promise<unknown> => page.addInitScript(watch);

/** What was noted in the present document. */
export const observed = (page: Page): Promise<Seen> => page.evaluate(() => (window as Watched).seen);

/** The clock that the entries were stamped with. */
export const now = (page: Page): Promise<number> => page.evaluate(() => performance.now());
