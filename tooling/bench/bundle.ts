import { fileURLToPath } from "node:url";
import { build } from "tsup";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const programs = { ours: here("ours.ts"), tfjs: here("peers/tfjs.mjs"), jax: here("peers/jax.mjs"), ort: here("peers/ort.mjs") };

/** Beside the peers' packages, so that Node finds them from there. */
export const bundled = (name: keyof typeof programs): string => here(`peers/dist/${name}.js`);

/** Makes one file of JavaScript of each contestant's program, as it would be shipped: no TypeScript is translated while anything is timed. */
export async function bundlePrograms(): Promise<void> {
  await build({
    entry: programs, outDir: here("peers/dist"), config: false, silent: true, clean: true,
    format: "esm", platform: "node", target: "node20", splitting: false, tsconfig: here("../tsconfig.json"),
    noExternal: [/^@dl\//], external: [/^@tensorflow\//, "@jax-js/jax", "onnxruntime-web", "protobufjs"],
    esbuildOptions: (options) => { options.conditions = ["@dl/source"]; },
  });
}
