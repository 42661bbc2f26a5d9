import { isFloat, promote } from "../../dtype.js";
import { checkInputs } from "../../op/apply.js";
import { defineComposite } from "../../op/define.js";
import { example } from "../../op/example.js";
import type { Example } from "../../op/example.js";
import { sizeOf } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { diagonal } from "./diagonal.js";
import { parseEquation } from "./einsum-equation.js";

/** A tensor whose dims have names. */
interface Labelled {
  readonly x: Tensor;
  readonly labels: readonly string[];
}

const sizeOfLabel = ({ x, labels }: Labelled, label: string): number => x.shape[labels.indexOf(label)];

/** Dims of one label become their diagonal: "ii" → "i". */
function withoutRepeats({ x, labels }: Labelled): Labelled {
  const second = labels.findIndex((label, d) => labels.indexOf(label) !== d);
  if (second === -1) return { x, labels };
  const first = labels.indexOf(labels[second]);
  const rest = labels.filter((_, d) => d !== first && d !== second);
  return withoutRepeats({ x: diagonal(x, { dim1: first, dim2: second }), labels: [...rest, labels[first]] });
}

function sumOut({ x, labels }: Labelled, unwanted: (label: string) => boolean): Labelled {
  const dims = labels.flatMap((label, d) => (unwanted(label) ? [d] : []));
  return dims.length === 0 ? { x, labels } : { x: x.sum(dims), labels: labels.filter((label) => !unwanted(label)) };
}

const squeezed = ({ x, labels }: Labelled, label: string): Labelled => {
  const d = labels.indexOf(label);
  return { x: x.squeeze(d), labels: labels.toSpliced(d, 1) };
};

/** Of a label that is 1 on one side only, that side needs no dim: it stretches. */
function withoutStretching(a: Labelled, b: Labelled): readonly [Labelled, Labelled] {
  for (const label of a.labels) {
    if (!b.labels.includes(label)) continue;
    const [m, n] = [sizeOfLabel(a, label), sizeOfLabel(b, label)];
    if (m === n) continue;
    return m === 1 ? withoutStretching(squeezed(a, label), b) : withoutStretching(a, squeezed(b, label));
  }
  return [a, b];
}

const arranged = ({ x, labels }: Labelled, order: readonly string[]): Tensor => x.permute(order.map((label) => labels.indexOf(label)));

/** The product of two operands, summed over the labels that nobody needs any more: one batched matrix product. */
function contract(left: Labelled, right: Labelled, needed: (label: string) => boolean): Labelled {
  const [wideA, wideB] = withoutStretching(left, right);
  const a = sumOut(wideA, (label) => !needed(label) && !wideB.labels.includes(label));
  const b = sumOut(wideB, (label) => !needed(label) && !wideA.labels.includes(label));
  const shared = a.labels.filter((label) => b.labels.includes(label));
  const [batch, inner] = [shared.filter(needed), shared.filter((label) => !needed(label))];
  const rows = a.labels.filter((label) => !shared.includes(label));
  const columns = b.labels.filter((label) => !shared.includes(label));
  const [batchShape, rowShape] = [batch, rows].map((list) => list.map((label) => sizeOfLabel(a, label)));
  const columnShape = columns.map((label) => sizeOfLabel(b, label));
  const labels = [...batch, ...rows, ...columns];
  if (inner.length === 0) {
    const ones = (list: readonly string[]): number[] => list.map(() => 1);
    const first = arranged(a, [...batch, ...rows]).reshape([...batchShape, ...rowShape, ...ones(columns)]);
    const second = arranged(b, [...batch, ...columns]).reshape([...batchShape, ...ones(rows), ...columnShape]);
    return { x: first.mul(second), labels };
  }
  const depth = sizeOf(inner.map((label) => sizeOfLabel(a, label)));
  const first = arranged(a, [...batch, ...rows, ...inner]).reshape([...batchShape, sizeOf(rowShape), depth]);
  const second = arranged(b, [...batch, ...inner, ...columns]).reshape([...batchShape, depth, sizeOf(columnShape)]);
  return { x: first.matmul(second).reshape([...batchShape, ...rowShape, ...columnShape]), labels };
}

/** Multiplications of a pair: the product of the sizes of all its labels. */
function cost(a: Labelled, b: Labelled): number {
  const labels = new Set([...a.labels, ...b.labels]);
  return [...labels].reduce((product, label) => product * Math.max(...[a, b].filter((side) => side.labels.includes(label)).map((side) => sizeOfLabel(side, label))), 1);
}

/** The pair that is cheapest to contract; the leftmost of equal ones. */
function cheapestPair(operands: readonly Labelled[]): readonly [number, number] {
  let [best, least]: [readonly [number, number], number] = [[0, 1], Infinity];
  for (let i = 0; i < operands.length; i++) {
    for (let j = i + 1; j < operands.length; j++) {
      const price = cost(operands[i], operands[j]);
      if (price < least) [best, least] = [[i, j], price];
    }
  }
  return best;
}

/** One dtype for all, and one that matrices can be multiplied in. */
function unified(tensors: readonly Tensor[]): Tensor[] {
  const common = tensors.map((x) => x.dtype).reduce(promote);
  const dtype = isFloat(common) ? common : "int32";
  return tensors.map((x) => x.to(dtype));
}

/**
 * Sums of products by Einstein's convention: each letter names a dim, letters that the output lacks are summed over.
 * "ij,jk->ik" is a matrix product, "bhqd,bhkd->bhqk" attention scores, "ii->i" a diagonal, "...ij->...ji" a transpose. Without "->" the
 * output has the ellipsis and the letters that occur once, in alphabetical order. Dims of size 1 stretch. Any number of operands: the
 * cheapest pair is contracted first, by one batched matrix product each.
 * @throws ValueError on a malformed equation, ShapeError that names the label and both sizes where they differ
 */
export const einsum = /* @__PURE__ */ defineComposite("einsum", (equation: string, ...operands: readonly Tensor[]): Tensor => {
  checkInputs("einsum", operands);
  const { operands: labels, output } = parseEquation(equation, operands.map((x) => x.shape));
  let rest: Labelled[] = unified(operands).map((x, i) => withoutRepeats({ x, labels: labels[i] }));
  while (rest.length > 1) {
    const [i, j] = cheapestPair(rest);
    const others = rest.filter((_, k) => k !== i && k !== j);
    const needed = (label: string): boolean => output.includes(label) || others.some((other) => other.labels.includes(label));
    rest = [...others.slice(0, i), contract(rest[i], rest[j], needed), ...others.slice(i)];
  }
  return arranged(sumOut(rest[0], (label) => !output.includes(label)), output);
});

const a = [[1, 2], [3, 4]];
const b = [[5, 6], [7, 8]];
const by = (equation: string) => (inputs: readonly Tensor[]): Tensor => einsum(equation, ...inputs);

export const examples = (): Example[] => [
  example(einsum, { inputs: [a, b], call: by("ij,jk->ik"), expect: [[19, 22], [43, 50]] }),
  example(einsum, { inputs: [a, b], call: by("ij,kj"), expect: [[17, 23], [39, 53]] }),
  example(einsum, { inputs: [a], call: by("ji"), expect: [[1, 3], [2, 4]] }),
  example(einsum, { inputs: [a], call: by("ii"), expect: 5 }),
  example(einsum, { inputs: [a], call: by("ii->i"), expect: [1, 4] }),
  example(einsum, { inputs: [a], call: by("ij->j"), expect: [4, 6] }),
  example(einsum, { inputs: [a, b], call: by("ij, ij ->"), expect: 70 }),
  example(einsum, { inputs: [[1, 2], [3, 4, 5]], call: by("i,j->ij"), expect: [[3, 4, 5], [6, 8, 10]] }),
  example(einsum, { inputs: [[[1, 2, 3]], a], dtypes: ["int32", "int32"], call: by("ij,kl->k"), expect: [18, 42] }),
  example(einsum, { inputs: [[[1], [2]], [[1, 2, 3]]], call: by("ij,ij->ij"), expect: [[1, 2, 3], [2, 4, 6]] }),
  example(einsum, { inputs: [[[2], [3]], [[1, 2, 3], [4, 5, 6]]], call: by("ij,kj->ik"), expect: [[12, 30], [18, 45]] }),
  example(einsum, { shapes: [[2, 1, 3], [2, 3, 2]], call: by("...ij,...jk->...ik") }),
  example(einsum, { shapes: [[2, 3, 2], [2, 2], [3]], call: by("bij,jk,i->kb") }),
  example(einsum, { shapes: [[2, 2, 3], [3, 2]], call: by("iij,ji->j") }),
  example(einsum, { shapes: [[2, 2, 2], [2, 2]], call: by("...a,b...->ab...") }),
  example(einsum, { shapes: [[2, 3], [4, 5]], call: by("ij,jk->ik"), throws: 'label "j" in "ij,jk->ik" is 3 in operand 0 and 4 in operand 1' }),
  example(einsum, { shapes: [[1, 3]], call: by("ii"), throws: 'label "i" in "ii" is 1 and 3 in operand 0' }),
  example(einsum, { shapes: [[2, 3]], call: by("ijk->i"), throws: '"ijk" names 3 dims, operand 0 has shape [2, 3]' }),
  example(einsum, { shapes: [[2, 3]], call: by("ij->ik"), throws: 'names "k", which no operand has' }),
  example(einsum, { shapes: [[2, 3]], call: by("ij->ii"), throws: 'names "i" twice' }),
  example(einsum, { shapes: [[2, 3]], call: by("i1->i"), throws: 'contains "1"' }),
  example(einsum, { shapes: [[2, 3]], call: by("ij,j->i"), throws: "names 2 operands, got 1" }),
];
