import { playwright } from "@vitest/browser-playwright";
import { defaultClientConditions } from "vite";
import type { TestProjectInlineConfiguration } from "vitest/config";

/** Pages with these headers may share memory between threads. */
const isolation = { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" };

/** No sandbox, as root has none; WebGL and WebGPU on the processor, as test machines have no GPU. */
export const chromiumFlags: readonly string[] = [
  "--no-sandbox",
  "--use-angle=swiftshader",
  "--enable-unsafe-swiftshader",
  "--enable-unsafe-webgpu",
  "--use-webgpu-adapter=swiftshader",
  // A sixth less time for each new WebGL kernel on the processor.
  "--disable-angle-features=supportsGraphicsPipelineLibrary",
];

const ownProjects = ["unisolated", "webgl2", "webgpu"] as const;

interface Selection {
  readonly include: string[];
  readonly exclude: string[];
  readonly headers: Readonly<Record<string, string>>;
}

/** A project whose tests run in a Chromium of its own, in pages that are served with `headers`. */
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
      provider: playwright({ launchOptions: { executablePath, args: [...chromiumFlags] } }),
      instances: [{ browser: "chromium" }],
    },
  },
});

/**
 * Tests in a page as a server with the right headers gives it, `*.browser.test.ts`; in a page without them, where memory cannot be shared; and,
 * each in a browser of its own, as one graphics process keeps one core busy, those on a graphics device.
 * @param tests the globs of a suffix @param links what is never a test
 */
export const browserProjects = (executablePath: string, tests: (suffix: string) => string[], links: string): TestProjectInlineConfiguration[] => [
  browserProject("browser", executablePath, {
    include: tests("browser.test.ts"),
    exclude: [links, ...ownProjects.flatMap((name) => tests(`${name}.browser.test.ts`))],
    headers: isolation,
  }),
  ...ownProjects.map((name) =>
    browserProject(`browser-${name}`, executablePath, { include: tests(`${name}.browser.test.ts`), exclude: [links], headers: name === "unisolated" ? {} : isolation }),
  ),
];
