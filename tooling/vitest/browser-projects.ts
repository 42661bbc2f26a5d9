import { playwright } from "@vitest/browser-playwright";
import { defaultClientConditions } from "vite";
import type { TestProjectInlineConfiguration } from "vitest/config";

/** Pages with these headers may share memory between threads. */
const isolation = { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" };

/** No sandbox, as root has none; WebGL and WebGPU on the processor, as test machines have no GPU. */
const flags = [
  "--no-sandbox",
  "--use-angle=swiftshader",
  "--enable-unsafe-swiftshader",
  "--enable-unsafe-webgpu",
  "--use-webgpu-adapter=swiftshader",
];

interface Selection {
  readonly include: string[];
  readonly exclude: string[];
  readonly headers: Readonly<Record<string, string>>;
}

/** A project whose tests run in Chromium, in pages that are served with `headers`. */
const browserProject = (name: string, executablePath: string, { include, exclude, headers }: Selection): TestProjectInlineConfiguration => ({
  resolve: { conditions: ["@dl/source", ...defaultClientConditions] },
  server: { headers },
  test: {
    name,
    include,
    exclude,
    testTimeout: 60_000,
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({ launchOptions: { executablePath, args: flags } }),
      instances: [{ browser: "chromium" }],
    },
  },
});

interface Files {
  readonly isolated: string[];
  readonly unisolated: string[];
  readonly links: string;
}

/** Tests in a page as a server with the right headers gives it, and those in a page without them, where memory cannot be shared. */
export const browserProjects = (executablePath: string, { isolated, unisolated, links }: Files): TestProjectInlineConfiguration[] => [
  browserProject("browser", executablePath, { include: isolated, exclude: [links, ...unisolated], headers: isolation }),
  browserProject("browser-unisolated", executablePath, { include: unisolated, exclude: [links], headers: {} }),
];
