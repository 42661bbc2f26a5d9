import { expect, vi } from "vitest";
import type { Locator, Page } from "playwright";

type Button = "Start" | "Pause" | "Resume" | "One step" | "Stop" | "Start anew" | "Save" | "A test image" | "Clear";

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** Digit and per cent: `798.2%` → 98.2 */
const percentIn = (text: string): number => Number(/^\d([\d.]+)%/.exec(text)?.[1]);

/** The page that trains, as somebody sees it who reads names and roles. */
export class TrainingPage {
  readonly progress: Locator;
  readonly phase: Locator;
  readonly alert: Locator;
  /** The buttons and where the training stands. */
  readonly controls: Locator;
  readonly settings: Locator;
  readonly sheet: Locator;

  constructor(readonly page: Page) {
    this.controls = page.getByRole("region", { name: "Training", exact: true });
    this.settings = page.getByRole("region", { name: "Settings", exact: true });
    this.progress = this.controls.getByRole("progressbar");
    this.phase = this.controls.getByRole("status");
    this.alert = page.getByRole("alert");
    this.sheet = page.getByRole("img", { name: "Drawing area" });
  }

  /** Opens the page and waits until a training can start. */
  async open(): Promise<this> {
    await this.page.goto("/");
    await this.ready();
    return this;
  }

  async ready(): Promise<void> {
    await this.reaches("Ready.");
    await vi.waitFor(async () => { expect(await this.button("Start").isEnabled()).toBe(true); });
  }

  button(name: Button): Locator {
    return this.page.getByRole("button", { name, exact: true });
  }

  press(name: Button): Promise<void> {
    return this.button(name).click();
  }

  /** A setting of hyper-parameters, or a menu. */
  field(label: string): Locator {
    return this.settings.getByLabel(label, { exact: true });
  }

  /** Types settings. */
  async set(values: Readonly<Record<string, number>>): Promise<void> {
    for (const [label, value] of Object.entries(values)) {
      await this.field(label).fill(String(value));
      await this.field(label).press("Tab");
    }
  }

  async reaches(phase: string, timeout = 15_000): Promise<void> {
    await vi.waitFor(async () => { expect(await this.phase.or(this.alert).allTextContents()).toContainEqual(expect.stringContaining(phase)); }, { timeout });
  }

  /** Steps that are done. */
  async step(): Promise<number> {
    return Number(await this.progress.getAttribute("value"));
  }

  async stepReaches(step: number, timeout = 15_000): Promise<void> {
    await vi.waitFor(async () => { expect(await this.step()).toBeGreaterThanOrEqual(step); }, { timeout, interval: 20 });
  }

  /** [actual][predicted] counts of test images. */
  async confusion(): Promise<number[][]> {
    const rows = await this.page.getByRole("table", { name: "Confusion matrix" }).locator("tbody").getByRole("row").all();
    return Promise.all(rows.map(async (row) => (await row.getByRole("cell").allTextContents()).map(Number)));
  }

  /** Of the confusion matrix: the part of test images that are taken for what they are. */
  async testAccuracy(): Promise<number> {
    const counts = await this.confusion();
    return sum(counts.map((row, i) => row[i])) / sum(counts.flat());
  }

  /** What the accuracy chart says of itself. */
  async accuracyLabel(): Promise<string> {
    return (await this.page.getByRole("img", { name: /^Accuracy: / }).getAttribute("aria-label")) ?? "";
  }

  /** The per cents beside the digits, NaN where there are none. */
  async probabilities(): Promise<number[]> {
    return (await this.page.getByRole("list", { name: "Probability of each digit" }).getByRole("listitem").allTextContents()).map(percentIn);
  }
}
