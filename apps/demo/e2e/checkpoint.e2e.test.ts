import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sharedBrowser } from "./browser.js";
import { dl } from "./command-line.js";
import { withoutNumber } from "./damaged.js";
import { TrainingPage } from "./training-page.js";

const visit = sharedBrowser();

let folder: string;
beforeAll(async () => { folder = await mkdtemp(join(tmpdir(), "dl-e2e-")); });
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Presses Save, and keeps the file. @returns where */
async function save(page: TrainingPage, name: string): Promise<string> {
  const download = page.page.waitForEvent("download");
  await page.press("Save");
  const file = join(folder, name);
  await (await download).saveAs(file);
  return file;
}

const openPage = async (): Promise<TrainingPage> => new TrainingPage(await visit()).open();
const load = (page: TrainingPage, file: string): Promise<void> => page.page.getByLabel("Load a file").setInputFiles(file);

describe("a training of the page as a file", () => {
  let halfway: string;
  let complete: string;
  let held: number;
  let accuracy: number;
  let steps: number;

  beforeAll(async () => {
    const page = await openPage();
    await page.set({ Epochs: 3 });
    await page.press("Start");
    await page.stepReaches(5);
    await page.press("Pause");
    await page.reaches("Paused.");
    held = await page.step();
    halfway = await save(page, "halfway.zip");
    await page.press("Resume");
    await page.reaches("Done.", 30_000);
    steps = await page.step();
    accuracy = await page.testAccuracy();
    complete = await save(page, "complete.zip");
    await page.page.close();
  });

  test("the command line finds the page's accuracy in it", async () => {
    expect(await dl("eval", complete)).toMatchObject({ recipe: "digits-mlp", metrics: { testAccuracy: accuracy } });
  });

  test("a fresh page goes on where it was saved, and ends as the first one did", async () => {
    const page = await openPage();
    await load(page, halfway);
    await page.stepReaches(held);
    expect(await page.step()).toBe(held);
    expect(await page.field("Epochs").inputValue()).toBe("3");
    await page.press("One step");
    await page.reaches("Paused.");
    expect(await page.step()).toBe(held + 1);
    await page.press("Resume");
    await page.reaches("Done.", 30_000);
    expect(await page.step()).toBe(steps);
    expect(await page.testAccuracy()).toBeCloseTo(accuracy, 2);
  });

  test("a truncated file is refused in words, and the page goes on working", async () => {
    const broken = join(folder, "broken.zip");
    const bytes = await readFile(complete);
    await writeFile(broken, bytes.subarray(0, bytes.length / 2));
    const page = await openPage();
    await load(page, broken);
    await expect.poll(() => page.alert.allTextContents()).toEqual([expect.stringMatching(/^The checkpoint could not be loaded: .*broken\.zip.*\. .*\.$/)]);
    await load(page, complete);
    await expect.poll(() => page.testAccuracy()).toBe(accuracy);
    expect(await page.alert.count()).toBe(0);
  });

  test("a loss that is no number says to lower the learning rate", async () => {
    const file = join(folder, "no-number.zip");
    await writeFile(file, withoutNumber(await readFile(halfway)));
    const page = await openPage();
    await load(page, file);
    await page.stepReaches(held);
    await page.press("Start");
    await expect.poll(() => page.alert.allTextContents()).toEqual([expect.stringContaining("Lower the learning rate")]);
  });
});

test("the page takes a folder of the command line, with its recipe", async () => {
  const run = join(folder, "softmax-regression");
  await dl("train", "softmax-regression", "--epochs", "1", "--out", run);
  const page = await openPage();
  await page.page.getByLabel("Load a folder").setInputFiles(run);
  await expect.poll(() => page.field("Recipe").inputValue()).toBe("softmax-regression");
  await expect.poll(() => page.step()).toBe(40);
  expect(await page.field("Epochs").inputValue()).toBe("1");
});
