import { join } from "node:path";
import { refuseExisting, refuseTaken } from "./change.js";
import type { Change } from "./change.js";
import { Misuse, camel, checkName, pascal } from "./names.js";

interface Names {
  readonly name: string;
  readonly owner: string;
  readonly op: string;
  readonly layer: string;
}

const index = ({ name, owner, op, layer }: Names): string => `import { Layer } from "@dl/nn";
import { definePlugin } from "@dl/registry";
import { elementwise, example } from "@dl/tensor";
import type { Example, Tensor } from "@dl/tensor";

/** x/(1 + |x|). Write your formula here; gradients and kernels on every backend follow from it. */
export const ${op} = elementwise("${op}", (x) => x.div(x.abs().add(1)));

export const examples = (): Example[] => [
  example(${op}, { inputs: [[-1, 3]], expect: [-0.5, 0.75] }),
  example(${op}, { shapes: [[2, 3]] }),
];

/** \`${op}\` as a layer. Shapes: any → same. */
export class ${layer} extends Layer {
  static readonly type = "${owner}/${layer}";

  constructor() {
    super([]);
  }

  forward(x: Tensor): Tensor {
    return ${op}(x);
  }
}

export const ${owner} = definePlugin({ name: "${name}", contract: 1, ops: { ${op} }, layers: { ${layer} } });
`;

const test = ({ name, owner }: Names): string => `import { testPlugin } from "@dl/testing";
import { bindSuite } from "@dl/testing/vitest";
import { examples, ${owner} } from "./index.js";

bindSuite("${name}", testPlugin(${owner}, { examples }));
`;

const ours = ["@dl/autograd", "@dl/nn", "@dl/registry", "@dl/tensor"];
const range = ">=0.1.0 <1.0.0";

const manifest = ({ name }: Names): object => ({
  name,
  version: "0.1.0",
  description: "A plugin of DL.",
  license: "MIT",
  type: "module",
  sideEffects: false,
  engines: { node: ">=20.19" },
  files: ["dist"],
  exports: { ".": { types: "./dist/index.d.ts", default: "./dist/index.js" }, "./package.json": "./package.json" },
  scripts: { build: "tsc -p tsconfig.build.json", typecheck: "tsc", test: "vitest run" },
  peerDependencies: Object.fromEntries(ours.map((dependency) => [dependency, range])),
  devDependencies: { "@dl/testing": range, typescript: "~6.0.3", vitest: "~4.1.12" },
});

const tsconfig = {
  compilerOptions: {
    target: "ES2022",
    lib: ["ES2023", "DOM"],
    types: [],
    module: "NodeNext",
    moduleResolution: "NodeNext",
    strict: true,
    verbatimModuleSyntax: true,
    noEmit: true,
  },
  include: ["src"],
};

const buildConfig = {
  extends: "./tsconfig.json",
  compilerOptions: { noEmit: false, declaration: true, rootDir: "src", outDir: "dist" },
  exclude: ["src/**/*.test.ts"],
};

const json = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;

/** A package of its own with an op, a layer and their test, in a new folder. */
export function newPlugin(root: string, folder: string, name: string): Change[] {
  checkName("plugin", name);
  const [owner, ...rest] = name.split("-");
  const what = rest.join("-");
  const names: Names = { name, owner, op: camel(what), layer: pascal(what) };
  checkName("op", owner);
  checkName("op", names.op);
  if (owner === names.op) throw new Misuse(`"${name}" would name the plugin and its op alike. Choose another name.`);
  // An app that composes this plugin with the core would find the op's name taken.
  refuseTaken(join(root, "packages/tensor/src"), names.op);
  refuseExisting(folder);
  const texts: Readonly<Record<string, string>> = {
    "package.json": json(manifest(names)),
    "tsconfig.json": json(tsconfig),
    "tsconfig.build.json": json(buildConfig),
    ".gitignore": "node_modules/\ndist/\n",
    "src/index.ts": index(names),
    "src/index.test.ts": test(names),
  };
  return Object.entries(texts).map(([file, text]) => ({ path: join(folder, file), text }));
}
