import { constant, Expr, isConst, select } from "./expr.js";
import type { LeafName, PrimitiveName } from "./expr.js";
import { primitives } from "./primitives.js";

const isLeaf = (op: PrimitiveName | LeafName): op is LeafName => op === "input" || op === "scalar" || op === "const";

/** Every node reachable from `root`, arguments before the nodes that use them. */
export function topological(roots: readonly Expr[]): Expr[] {
  const order: Expr[] = [];
  const seen = new Set<Expr>();
  const visit = (node: Expr): void => {
    if (seen.has(node)) return;
    seen.add(node);
    node.args.forEach(visit);
    order.push(node);
  };
  roots.forEach(visit);
  return order;
}

const isZero = (e: Expr): boolean => e.op === "const" && e.value === 0;

const hasZeroBranch = (e: Expr): boolean => e.op === "select" && e.args.slice(1).some((branch) => isZero(branch) || hasZeroBranch(branch));

/**
 * A product inside a derivative. Zero times anything is zero, and a select with a zero branch is hoisted over the product:
 * `select(c, a, 0)·p` → `select(c, a·p, 0)`, since 0·∞ on the branch not taken would be NaN (elu, x·log x, where-sqrt).
 */
function times(a: Expr, b: Expr): Expr {
  if (isZero(a) || isZero(b)) return constant(0);
  if (isConst(a, 1)) return b;
  if (isConst(b, 1)) return a;
  if (hasZeroBranch(b)) return select(b.args[0], times(a, b.args[1]), times(a, b.args[2]));
  if (hasZeroBranch(a)) return select(a.args[0], times(a.args[1], b), times(a.args[2], b));
  // x · (1/y) → x/y
  if (b.op === "div" && isConst(b.args[0], 1)) return a.div(b.args[1]);
  return a.mul(b);
}

/**
 * Reverse-mode derivative of a formula: upstream · ∂root/∂(each wanted leaf), as formulas again.
 * Common subexpressions stay shared; `null` where the derivative is zero everywhere.
 */
export function differentiate(root: Expr, wanted: readonly Expr[], upstream: Expr): (Expr | null)[] {
  const order = topological([root]);
  const leads = new Set<Expr>(wanted);
  for (const node of order) if (node.args.some((arg) => leads.has(arg))) leads.add(node);

  const adjoints = new Map<Expr, Expr>([[root, upstream]]);
  for (const node of order.toReversed()) {
    const adjoint = adjoints.get(node);
    if (adjoint === undefined || isLeaf(node.op)) continue;
    const partials = primitives[node.op].partials(node.args, node);
    node.args.forEach((arg, i) => {
      const partial = partials[i];
      if (partial === null || !leads.has(arg)) return;
      const term = times(adjoint, partial);
      if (isZero(term)) return;
      const sofar = adjoints.get(arg);
      adjoints.set(arg, sofar === undefined ? term : sofar.add(term));
    });
  }
  return wanted.map((leaf) => (leads.has(root) ? (adjoints.get(leaf) ?? null) : null));
}

/** `root` with every occurrence of a key of `replacements` replaced by its value. */
export function substitute(root: Expr, replacements: ReadonlyMap<Expr, Expr>): Expr {
  const done = new Map<Expr, Expr>(replacements);
  for (const node of topological([root])) {
    if (done.has(node)) continue;
    const args = node.args.map((arg) => done.get(arg) ?? arg);
    const changed = args.some((arg, i) => arg !== node.args[i]);
    done.set(node, changed ? new Expr(node.op, args, node.value, node.dtype) : node);
  }
  return done.get(root) ?? root;
}
