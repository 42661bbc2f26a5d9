import { defaultServerConditions } from "vite";
import { defineConfig } from "vitest/config";
import type { TestProjectInlineConfiguration } from "vitest/config";
import { browserExecutable, browserMissing } from "./tooling/vitest/browserExecutable.js";
import { dataDirectory, dataMissing, hasData } from "./tooling/vitest/dataDirectory.js";

const conditions = ["@dl/source", ...defaultServerConditions];
const folders = ["packages/*/src", "apps/*/src", "examples/*/src", "tooling"];
const tests = (suffix: string): string[] => folders.map((folder) => `${folder}/**/*.${suffix}`);

// Workspace links would otherwise show every test again through each package's node_modules.
const links = "**/node_modules/**";

const inNode = { resolve: { conditions }, ssr: { resolve: { conditions } } };
const unit = { ...inNode, test: { name: "unit", include: tests("test.ts"), exclude: [links, ...tests("data.test.ts"), ...tests("browser.test.ts")], testTimeout: 20_000 } };
const data = { ...inNode, test: { name: "data", include: tests("data.test.ts"), exclude: [links], env: { DL_DATA_DIR: dataDirectory }, testTimeout: 120_000 } };

if (!hasData()) console.log(dataMissing);
if (browserExecutable === undefined) console.log(browserMissing);

/** The page of apps/demo, in Node with a browser that tooling/vitest/web-setup.ts starts. One file after the other: what is timed has the machine for itself. */
const web = {
  ...inNode,
  test: { name: "web", include: ["apps/*/e2e/*.e2e.test.ts"], exclude: [links], globalSetup: "./tooling/vitest/web-setup.ts", fileParallelism: false, testTimeout: 60_000, hookTimeout: 90_000, expect: { poll: { timeout: 15_000 } } },
};

/** Loaded only where there is a browser: it brings Playwright. */
async function browserProjects(executable: string): Promise<TestProjectInlineConfiguration[]> {
  const browser = await import("./tooling/vitest/browser-projects.js");
  return [...browser.browserProjects(executable, tests, links), web];
}

export default defineConfig(async () => ({
  test: {
    projects: [unit, ...(hasData() ? [data] : []), ...(browserExecutable === undefined ? [] : await browserProjects(browserExecutable))],
    reporters: ["default", "./tooling/reporter/closingLine.ts"],
  },
}));
