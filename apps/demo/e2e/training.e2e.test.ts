import { beforeAll, describe, expect, test } from "vitest";
import { sharedBrowser } from "./browser.js";
import { expectAccessible, expectFits } from "./looks.js";
import { now, observe, observed } from "./observers.js";
import { watchTasks } from "./processor-time.js";
import { TrainingPage } from "./training-page.js";
import { transfersOf, type Transfer } from "./transfers.js";

const visit = sharedBrowser();

describe("digits-mlp on WebAssembly, as the page offers it", () => {
  let page: TrainingPage;
  let loaded: Transfer[];
  let firstStep: number;
  let begun: number;
  let tasks: number[];

  beforeAll(async () => {
    page = new TrainingPage(await visit());
    await observe(page.page);
    const transfers = transfersOf(page.page);
    await page.open();
    loaded = await transfers();
    begun = await now(page.page);
    await page.press("Start");
    await page.stepReaches(1);
    firstStep = (await now(page.page)) - begun;
    await page.page.waitForTimeout(Math.max(0, 1000 - firstStep));
    const ended = await watchTasks(page.page);
    await page.reaches("Done.", 60_000);
    tasks = await ended();
  });

  test("the first step comes within 2 s of the click", () => {
    expect(firstStep).toBeLessThan(2000);
  });

  test("it recognises 95 % of the test images, which chart and confusion matrix agree on", async () => {
    const accuracy = await page.testAccuracy();
    expect(accuracy).toBeGreaterThanOrEqual(0.95);
    expect(await page.accuracyLabel()).toContain(`test data ${(100 * accuracy).toFixed(1)}%`);
  });

  test("after the first second no task of the page takes more than 50 ms of the processor", async () => {
    const { longTasks } = await observed(page.page);
    const long = longTasks.filter(({ start }) => start > begun + 1000).map(({ duration }) => duration);
    console.log(`main thread: ${tasks.length} tasks, the longest ${Math.max(...tasks).toFixed(0)} ms of the processor; ${long.length} lasted longer than 50 ms, the longest ${Math.max(0, ...long)} ms`);
    expect(tasks.length).toBeGreaterThan(100);
    expect(tasks.filter((milliseconds) => milliseconds > 50)).toEqual([]);
  });

  test("nothing moves from the first paint to the end of the training", async () => {
    const { shifts } = await observed(page.page);
    expect(shifts.reduce((sum, { value }) => sum + value, 0), JSON.stringify(shifts)).toBeLessThanOrEqual(0.02);
  });

  test("the page and the entry of its worker are at most 150 KB", () => {
    const total = (list: readonly Transfer[]): number => list.reduce((sum, { gzip }) => sum + gzip, 0);
    console.log([...loaded.map(({ path, gzip }) => `${gzip} ${path}`), `${total(loaded)} bytes before Start can be pressed`].join("\n"));
    const entry = loaded.findIndex(({ path }) => path.includes("training.worker"));
    expect(entry).toBeGreaterThan(0);
    expect(total(loaded.slice(0, entry + 1))).toBeLessThanOrEqual(150_000);
  });

  test("a 1 drawn with the mouse is most probably a 1", async () => {
    const box = await page.sheet.boundingBox();
    if (box === null) throw new Error("the drawing area is not shown");
    const at = (x: number, y: number): [number, number] => [box.x + x * box.width, box.y + y * box.height];
    const { mouse } = page.page;
    await mouse.move(...at(0.5, 0.15));
    await mouse.down();
    await mouse.move(...at(0.5, 0.85), { steps: 10 });
    await mouse.up();
    await expect.poll(async () => {
      const shares = await page.probabilities();
      return shares.indexOf(Math.max(...shares));
    }).toBe(1);
  });

  test("the probabilities of a test image sum to 100 %", async () => {
    await page.press("Clear");
    await expect.poll(async () => (await page.probabilities()).every(Number.isNaN)).toBe(true);
    await page.press("A test image");
    await expect.poll(async () => (await page.probabilities()).some((share) => share > 0)).toBe(true);
    const shares = await page.probabilities();
    expect(shares).toHaveLength(10);
    // Each is rounded to a tenth.
    expect(Math.abs(shares.reduce((a, b) => a + b, 0) - 100)).toBeLessThanOrEqual(0.5);
  });

  test("it keeps nobody out and fits a phone", async () => {
    await expectAccessible(page.page);
    await expectFits(page.page, "training");
  });
});

test("digits-mlp reaches 95 % on WebGL 2", { timeout: 90_000 }, async () => {
  const page = await new TrainingPage(await visit()).open();
  await page.field("Backend").selectOption({ label: "WebGL 2" });
  await page.set({ Epochs: 3, "Hidden units": 64, "Batch size": 128, "Learning rate": 0.015 });
  await page.press("Start");
  await page.reaches("Done.", 80_000);
  expect(await page.testAccuracy()).toBeGreaterThanOrEqual(0.95);
});
