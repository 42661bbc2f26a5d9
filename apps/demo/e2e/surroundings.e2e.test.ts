import type { Page, Response } from "playwright";
import { expect, test } from "vitest";
import { sharedBrowser, withFlags } from "./browser.js";
import { TrainingPage } from "./training-page.js";

const visit = sharedBrowser();

type Headers = ReturnType<Response["headers"]>;

/** Serves the document with other headers. */
const withHeaders = (page: Page, change: (headers: Headers) => Headers): Promise<unknown> =>
  page.route("/", async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, headers: change(response.headers()) });
  });

test("where workers are not allowed the page says what to allow", async () => {
  const page = await visit();
  await withHeaders(page, (headers) => ({ ...headers, "content-security-policy": "worker-src 'none'" }));
  await page.goto("/");
  await expect.poll(() => page.getByRole("alert").allTextContents()).toEqual([expect.stringContaining("Allow them (worker-src 'self'), or use another browser.")]);
});

test("without cross-origin isolation it trains on one thread and says why", async () => {
  const page = new TrainingPage(await visit());
  await withHeaders(page.page, ({ "cross-origin-opener-policy": _, "cross-origin-embedder-policy": __, ...headers }) => headers);
  await page.open();
  expect(await page.page.evaluate(() => crossOriginIsolated)).toBe(false);
  const help = await page.settings.getByText("thread").allTextContents();
  expect(help.join(" ")).toContain("1 thread");
  expect(help.join(" ")).toContain("not cross-origin isolated, so memory cannot be shared");
  await page.set({ Epochs: 1, "Hidden units": 32 });
  await page.press("Start");
  await page.reaches("Done.", 30_000);
  expect(await page.step()).toBe(63);
});

test("without WebGL the menu of backends says that WebGL 2 is not available, and why", async () => {
  await withFlags(["--disable-gpu", "--disable-software-rasterizer"], async (blank) => {
    const page = await new TrainingPage(blank).open();
    const option = page.field("Backend").getByRole("option", { name: /^WebGL 2 \(not available here\)$/ });
    await expect.poll(() => option.count()).toBe(1);
    expect(await option.isDisabled()).toBe(true);
    const reasons = await page.settings.getByText(/^WebGL 2: /).allTextContents();
    expect(reasons).toEqual([expect.stringContaining("there is no WebGL 2 here")]);
  });
});
