const foundation = ["registry", "tensor"];
const model = [...foundation, "autograd", "nn"];
const domain = [...model, "data"];
const domains = ["vision", "sequence", "graph", "generative"];

/** What each package may import: every arrow points left in `docs/architecture.md`. Apps may import every package, tooling anything. */
export const arrows: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>(
  Object.entries({
    registry: [],
    tensor: ["registry"],
    autograd: foundation,
    nn: [...foundation, "autograd"],
    data: foundation,
    figures: ["registry"],
    metrics: ["registry", "figures"],
    vision: domain,
    sequence: domain,
    graph: domain,
    generative: domain,
    "backend-wasm": foundation,
    "backend-gpujs": foundation,
    testing: model,
    recipes: [...domain, ...domains, "metrics", "figures"],
  }),
);

export const scope = "@dl/";

/** Says why `from` may not import `to` (short names), or undefined when it may. */
export function refusal(from: string, to: string): string | undefined {
  const allowed = arrows.get(from);
  if (allowed === undefined) return `${scope}${from} has no row in tooling/arrows/rules.ts. Add one`;
  if (allowed.includes(to)) return undefined;
  if (arrows.get(to)?.includes(from)) return `the arrow points right: ${scope}${to} stands on ${scope}${from}`;
  return `${scope}${from} and ${scope}${to} are siblings. Move what both need to the left`;
}
