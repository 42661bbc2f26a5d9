import { defaultServerConditions } from "vite";
import { defineConfig } from "vitest/config";
import { dataDirectory, dataMissing, hasData } from "./tooling/vitest/dataDirectory.js";

const conditions = ["@dl/source", ...defaultServerConditions];
const folders = ["packages/*/src", "apps/*/src", "tooling"];
const tests = (suffix: string): string[] => folders.map((folder) => `${folder}/**/*.${suffix}`);

// Workspace links would otherwise show every test again through each package's node_modules.
const links = "**/node_modules/**";

const unit = { extends: true as const, test: { name: "unit", include: tests("test.ts"), exclude: [links, ...tests("data.test.ts")] } };
const data = {
  extends: true as const,
  test: { name: "data", include: tests("data.test.ts"), exclude: [links], env: { DL_DATA_DIR: dataDirectory }, testTimeout: 120_000 },
};

if (!hasData()) console.log(dataMissing);

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    projects: hasData() ? [unit, data] : [unit],
    reporters: ["default", "./tooling/reporter/closingLine.ts"],
    testTimeout: 20_000,
  },
});
