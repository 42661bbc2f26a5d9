import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** What an app prints that chose the GPU before gpu.js was there. */
export const withoutGpu = `
import { gpujs } from "@dl/backend-gpujs";
import { useBackend } from "@dl/tensor";
try {
  await useBackend(gpujs());
} catch (error) {
  console.log(error.message);
}
`;

export const expectedAdvice = "gpujs: gpu.js is not installed. npm i gpu.js@~2.24.1 --omit=optional --ignore-scripts.";

interface Manifest {
  readonly name?: string;
  readonly scripts?: Readonly<Record<string, string>>;
}

/** Installed packages that would run something at install, or that are compiled. */
export function notPlain(modules: string): string[] {
  return readdirSync(modules, { recursive: true, encoding: "utf8" }).flatMap((file) => {
    if (/binding\.gyp$|\.node$/.test(file)) return [file];
    if (!file.endsWith("package.json")) return [];
    const { name = file, scripts = {} } = JSON.parse(readFileSync(join(modules, file), "utf8")) as Manifest;
    return ["preinstall", "install", "postinstall"].some((script) => script in scripts) ? [name] : [];
  });
}
