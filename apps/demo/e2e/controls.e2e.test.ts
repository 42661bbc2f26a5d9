import { beforeAll, describe, expect, test } from "vitest";
import { sharedBrowser } from "./browser.js";
import { TrainingPage } from "./training-page.js";

const visit = sharedBrowser();

/** Notes each step that the page shows from now on, once. @returns gives what was shown so far */
async function stepsShown(page: TrainingPage): Promise<() => Promise<number[]>> {
  const steps = await page.progress.evaluateHandle((bar) => {
    const shown: number[] = [];
    new MutationObserver(() => {
      const step = Number(bar.getAttribute("value"));
      if (step !== shown.at(-1)) shown.push(step);
    }).observe(bar, { attributeFilter: ["value"] });
    return shown;
  });
  return () => steps.jsonValue();
}

describe("the controls of a training, one after the other", () => {
  let page: TrainingPage;
  beforeAll(async () => { page = await new TrainingPage(await visit()).open(); });

  test("Pause holds: no step for half a second", async () => {
    await page.press("Start");
    await page.stepReaches(5);
    await page.press("Pause");
    await page.reaches("Paused.");
    const shown = await stepsShown(page);
    const held = await page.step();
    await page.page.waitForTimeout(500);
    expect(await shown()).toEqual([]);
    expect(held).toBeGreaterThanOrEqual(5);
  });

  test("One step makes exactly one", async () => {
    const held = await page.step();
    const shown = await stepsShown(page);
    await page.press("One step");
    await page.stepReaches(held + 1);
    await page.page.waitForTimeout(200);
    expect(await shown()).toEqual([held + 1]);
    await page.reaches("Paused.");
  });

  test("Resume goes on, and Stop ends", async () => {
    const held = await page.step();
    await page.press("Resume");
    await page.stepReaches(held + 5);
    await page.press("Stop");
    await page.reaches("Stopped.");
    expect(await page.button("Stop").isDisabled()).toBe(true);
    const shown = await stepsShown(page);
    await page.page.waitForTimeout(300);
    expect(await shown()).toEqual([]);
  });

  test("Start anew begins at step 1", async () => {
    const shown = await stepsShown(page);
    await page.press("Start anew");
    await expect.poll(async () => (await shown()).length).toBeGreaterThan(2);
    expect((await shown()).slice(0, 2)).toEqual([0, 1]);
    await page.press("Stop");
  });
});

test("a lesson in between leaves one worker, not two", async () => {
  const page = await new TrainingPage(await visit()).open();
  const workers = page.page.workers().length;
  await page.page.getByRole("link", { name: /The line/ }).click();
  await page.page.getByRole("heading", { level: 1, name: "The line" }).waitFor();
  await page.page.getByRole("link", { name: "Train" }).click();
  await page.ready();
  expect(page.page.workers()).toHaveLength(workers);
});

test("Start takes a setting that was changed the moment before", async () => {
  const page = await new TrainingPage(await visit()).open();
  await page.field("Epochs").fill("1");
  await page.press("Start");
  await page.reaches("Done.", 30_000);
  expect(await page.step()).toBe(63);
});
