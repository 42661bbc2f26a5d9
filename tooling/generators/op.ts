import { join } from "node:path";
import { edit, refuseExisting, refuseTaken } from "./change.js";
import type { Change } from "./change.js";
import { checkName, kebab } from "./names.js";

const source = (name: string): string => `import { elementwise } from "../op/elementwise.js";
import { example } from "../op/example.js";
import type { Example } from "../op/example.js";

/** x/(1 + |x|). Write your formula here and below; gradients and kernels on every backend follow from it. */
export const ${name} = elementwise("${name}", (x) => x.div(x.abs().add(1)));

export const examples = (): Example[] => [
  example(${name}, { inputs: [[-1, 3]], expect: [-0.5, 0.75] }),
  example(${name}, { shapes: [[2, 3]] }),
];
`;

/** A formula op in a file of its own, listed with the others. */
export function newOp(root: string, name: string): Change[] {
  checkName("op", name);
  const sources = join(root, "packages/tensor/src");
  const file = kebab(name);
  const path = join(sources, "ops", `${file}.ts`);
  refuseExisting(path);
  refuseTaken(sources, name);
  return [
    { path, text: source(name) },
    edit(join(sources, "ops/index.ts"), [
      [/(import \{ examples as .*\n)(?!import \{ examples as )/, `$1import { examples as ${name} } from "./${file}.js";\n`],
      [/(const families[^;]*?),\n\];/, `$1, ${name},\n];`],
    ]),
    edit(join(sources, "public-ops.ts"), [[/\n*$/, `\nexport { ${name} } from "./ops/${file}.js";\n`]]),
  ];
}
