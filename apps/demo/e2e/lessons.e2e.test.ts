import type { Page } from "playwright";
import { expect, test } from "vitest";
import { sharedBrowser } from "./browser.js";
import { expectAccessible, expectFits } from "./looks.js";

const visit = sharedBrowser();

/** Goes through the page with Tab until something of that name has the focus. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 12; presses++) {
    await page.keyboard.press("Tab");
    if ((await page.evaluate(() => document.activeElement?.textContent)) === name) return;
  }
  throw new Error(`"${name}" is not within 12 tabs`);
}

const heading = (page: Page): Promise<string | null> => page.getByRole("heading", { level: 1 }).textContent();

test("Chinese and back, remembered after a reload", async () => {
  const page = await visit();
  await page.goto("/");
  const english = await heading(page);
  await page.getByRole("button", { name: "中文" }).click();
  await expect.poll(() => heading(page)).toMatch(/\p{Script=Han}/u);
  const chinese = await heading(page);
  await page.reload();
  expect(await heading(page)).toBe(chinese);
  expect(await page.locator("html").getAttribute("lang")).toBe("zh-Hans");
  await page.getByRole("button", { name: "English" }).click();
  await expect.poll(() => heading(page)).toBe(english);
  await page.reload();
  expect(await heading(page)).toBe(english);
});

test("the keyboard leads to the lesson on gradients, which keeps nobody out and fits a phone", async () => {
  const page = await visit();
  await page.goto("/");
  await tabTo(page, "一 The gradient");
  await page.keyboard.press("Enter");
  await page.getByRole("slider", { name: "b", exact: true }).waitFor();
  await expectAccessible(page);
  await expectFits(page, "gradient");
});

test("∂e/∂b is 9 at first, and 10 after the keyboard moved b half a step", async () => {
  const page = await visit();
  await page.goto("/#/lessons/gradient");
  const slope = page.getByRole("row", { name: /^b / }).getByRole("cell").last();
  const slider = page.getByRole("slider", { name: "b", exact: true });
  await slider.focus();
  expect(await slope.textContent()).toBe("9");
  await slider.press("ArrowRight");
  await expect.poll(() => slope.textContent()).toBe("10");
});

test("the keyboard leads to the lesson on lines, which keeps nobody out and fits a phone", async () => {
  const page = await visit();
  await page.goto("/");
  await tabTo(page, "二 The line");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Start", exact: true }).waitFor();
  await expectAccessible(page);
  await expectFits(page, "line");
});
