import { join } from "node:path";
import { edit, refuseExisting, refuseTaken } from "./change.js";
import type { Change } from "./change.js";
import { checkName, kebab } from "./names.js";

const source = (name: string): string => `import { ShapeError, checkOptions } from "@dl/registry";
import { full, showShape } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { Layer } from "../module/layer.js";
import { parameter } from "../module/parameter.js";
import type { Parameter } from "../module/parameter.js";

export interface ${name}Options {
  /** What all weights start from. Default 1. */
  readonly initial?: number;
}

/**
 * y = weight·x. Write your formula here and in forward.
 * Shapes: x [.., size] → same; weight [size].
 * @throws ShapeError when the last dim of x is not size
 */
export class ${name} extends Layer {
  static readonly type = "nn/${name}";
  readonly weight: Parameter;

  constructor(readonly size: number, options: ${name}Options = {}) {
    super([size, options]);
    checkOptions("${name}", options, ["initial"]);
    this.weight = parameter(full([size], options.initial ?? 1));
  }

  forward(x: Tensor): Tensor {
    if (x.shape.at(-1) !== this.size) {
      throw new ShapeError("${name}", \`expected \${this.size} features in the last dimension, got x of shape \${showShape(x.shape)}\`, "Make the layer with x's last size");
    }
    return x.mul(this.weight);
  }
}
`;

/** A layer with a parameter and an option in a file of its own, listed with the others. */
export function newLayer(root: string, name: string): Change[] {
  checkName("layer", name);
  const sources = join(root, "packages/nn/src");
  const file = kebab(name);
  const path = join(sources, "layers", `${file}.ts`);
  refuseExisting(path);
  refuseTaken(sources, name);
  return [
    { path, text: source(name) },
    edit(join(sources, "layers/index.ts"), [[/\n*$/, `\nexport { ${name} } from "./${file}.js";\nexport type { ${name}Options } from "./${file}.js";\n`]]),
    edit(join(sources, "layers/examples.ts"), [
      [/^([\s\S]* from "[^"]*";\n)/, `$1import { ${name} } from "./${file}.js";\n`],
      [/(basicExamples = .*\n)/, `$1  { layer: () => new ${name}(3, { initial: 0.5 }), shapes: [[2, 3]], outputShape: [2, 3] },\n`],
    ]),
    edit(join(sources, "plugin.ts"), [
      [/,\n(\} from "\.\/layers\/index\.js";)/, `, ${name},\n$1`],
      [/(layers: \{[^}]*?),\n( *\},)/, `$1, ${name},\n$2`],
    ]),
  ];
}
