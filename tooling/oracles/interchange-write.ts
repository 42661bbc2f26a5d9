// Writes models of ours for `interchange.py --read FOLDER`: pnpm oracles:interchange
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { noGrad } from "@dl/autograd";
import { saveModel } from "@dl/nn";
import { manualSeed } from "@dl/tensor";
import { travelling } from "./interchange-models.js";

const [folder] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
manualSeed(3);
const outputs: Record<string, number[]> = {};
for (const [name, { model, x }] of Object.entries(travelling())) {
  model.forward(x);
  model.eval();
  writeFileSync(join(folder, `${name}.safetensors`), await saveModel(model));
  outputs[name] = Array.from(noGrad(() => model.forward(x)).dataSync());
}
writeFileSync(join(folder, "outputs.json"), JSON.stringify(outputs));
