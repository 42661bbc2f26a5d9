import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import axe from "axe-core";
import type { AxeResults, RunOptions } from "axe-core";
import { expect } from "vitest";
import type { Page } from "playwright";

const folder = resolve(process.env.DL_SCREENSHOTS ?? join(import.meta.dirname, "../screenshots"));
const schemes = ["light", "dark"] as const;
const HEIGHT = 900;
const [NARROW, WIDE] = [360, 1280];

type AxeWindow = typeof window & { readonly axe: { run(options: RunOptions): Promise<AxeResults> } };

/** What axe-core finds in the page as it stands that keeps people out: the rule, and where. */
async function obstacles(page: Page, options: RunOptions): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate((given) => (window as AxeWindow).axe.run(given), options);
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target.join(" ")}: ${String(failureSummary)}`));
}

/** Expects that nobody is kept out, by day and by night. */
export async function expectAccessible(page: Page): Promise<void> {
  await page.emulateMedia({ colorScheme: "light" });
  expect(await obstacles(page, { resultTypes: ["violations"] }), "by day").toEqual([]);
  await page.emulateMedia({ colorScheme: "dark" });
  expect(await obstacles(page, { resultTypes: ["violations"], runOnly: ["color-contrast"] }), "by night, where only the colours differ").toEqual([]);
}

/** Expects that a phone shows all without scrolling sideways, and keeps pictures of phone and desktop by day and by night. */
export async function expectFits(page: Page, name: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const width of [WIDE, NARROW]) {
    await page.setViewportSize({ width, height: HEIGHT });
    for (const colorScheme of schemes) {
      await page.emulateMedia({ colorScheme });
      await page.screenshot({ path: join(folder, `${name}-${width}-${colorScheme}.png`), fullPage: true });
    }
  }
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(NARROW);
}
