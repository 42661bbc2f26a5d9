import { afterAll, beforeAll, inject } from "vitest";
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from "playwright";

/** Milliseconds for what needs no training. */
const PATIENCE = 15_000;

/** A person's browser as it comes: English, no settings kept. */
export async function newVisit(browser: Browser, options: BrowserContextOptions = {}): Promise<BrowserContext> {
  const visit = await browser.newContext({ baseURL: inject("pageUrl"), locale: "en-GB", ...options });
  visit.setDefaultTimeout(PATIENCE);
  return visit;
}

/** The browser that all files share, for the tests of one of them: gives each visitor an empty page of their own. */
export function sharedBrowser(): (options?: BrowserContextOptions) => Promise<Page> {
  let browser: Browser | undefined;
  beforeAll(async () => { browser = await chromium.connect(inject("browser").endpoint); });
  afterAll(async () => { await browser?.close(); });
  return async (options) => {
    if (browser === undefined) throw new Error("sharedBrowser: the browser is there in tests and hooks only");
    return (await newVisit(browser, options)).newPage();
  };
}

/** Calls `use` with a browser of its own that takes more flags. */
export async function withFlags<T>(flags: readonly string[], use: (page: Page) => Promise<T>): Promise<T> {
  const { executablePath, flags: usual } = inject("browser");
  const browser = await chromium.launch({ executablePath, args: [...usual, ...flags] });
  try {
    return await use(await (await newVisit(browser)).newPage());
  } finally {
    await browser.close();
  }
}
