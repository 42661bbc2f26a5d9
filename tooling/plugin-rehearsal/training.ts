/** A program of the plugin's author: trains a model with the plugin's layer, saves it, loads it through a registry, compares. */
export const training = `import { backward, noGrad } from "@dl/autograd";
import { Adam, Linear, Sequential, loadCheckpoint, mseLoss, nn, restoreCheckpoint, saveCheckpoint } from "@dl/nn";
import { createRegistry } from "@dl/registry";
import { manualSeed, tensor } from "@dl/tensor";
import { core } from "@dl/tensor/ops";
import { Wave, acme } from "./index.js";

manualSeed(1);
const x = tensor([[0, 0], [0, 1], [1, 0], [1, 1]]);
const y = tensor([[0], [1], [1], [0]]);
const model = new Sequential(new Linear(2, 16), new Wave(), new Linear(16, 1));
const optimizer = new Adam(model.parameters(), { lr: 0.05 });

let loss = Infinity;
for (let step = 0; step < 300; step++) {
  const objective = mseLoss(model.forward(x), y);
  optimizer.zeroGrad();
  backward(objective);
  optimizer.step();
  loss = objective.item();
}
if (!(loss < 0.01)) throw new Error(\`the model does not learn: loss \${loss}\`);

await saveCheckpoint("checkpoint", { model, optimizer });
const checkpoint = await loadCheckpoint("checkpoint");
const copy = createRegistry(core, nn, acme).build(checkpoint.model);
if (!(copy instanceof Sequential) || !(copy[1] instanceof Wave)) throw new Error("the registry builds something else");
restoreCheckpoint(checkpoint, { model: copy });

const [before, after] = noGrad(() => [model.forward(x).toArray(), copy.forward(x).toArray()]);
if (JSON.stringify(before) !== JSON.stringify(after)) throw new Error(\`outputs differ: \${JSON.stringify(before)} and \${JSON.stringify(after)}\`);
console.log(\`loss \${loss.toExponential(2)}, outputs after reloading are identical\`);
`;
