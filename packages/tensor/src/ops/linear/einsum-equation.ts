import { ShapeError, ValueError } from "@dl/registry";
import type { Shape } from "../../shape.js";
import { showShape } from "../../shape.js";

/** What an einsum equation says about operands of given shapes. Dims of an ellipsis are labelled "0", "1", … from the left of the longest. */
export interface Equation {
  /** One label per dim, for each operand. */
  readonly operands: readonly (readonly string[])[];
  readonly output: readonly string[];
}

const where = "einsum";

interface Term {
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly hasEllipsis: boolean;
}

/** @throws ValueError on anything but letters and one ellipsis */
function parseTerm(text: string, equation: string): Term {
  const parts = text.split("...");
  const bad = parts.join("").match(/[^A-Za-z]/);
  if (parts.length > 2 || bad) {
    throw new ValueError(where, `"${text}" in "${equation}" ${bad ? `contains "${bad[0]}"` : "has several ellipses"}`, 'Label dims with letters, and the rest with one "..."', { equation });
  }
  return { before: Array.from(parts[0]), after: Array.from(parts.at(1) ?? ""), hasEllipsis: parts.length === 2 };
}

/** How many dims the ellipsis of a term stands for. @throws ShapeError when the labels do not fit the operand */
function ellipsisRank({ before, after, hasEllipsis }: Term, text: string, shape: Shape, position: number): number {
  const named = before.length + after.length;
  if (hasEllipsis ? shape.length < named : shape.length !== named) {
    throw new ShapeError(where, `"${text}" names ${named} dims, operand ${position} has shape ${showShape(shape)}`, 'Give one label per dim, or "..." for the rest', {
      term: text,
      shape,
    });
  }
  return shape.length - named;
}

/** Labels of an ellipsis of `rank` dims, aligned at the right with the longest one. */
const ellipsisLabels = (rank: number, longest: number): string[] => Array.from({ length: rank }, (_, i) => String(longest - rank + i));

const fill = ({ before, after }: Term, ellipsis: readonly string[]): string[] => [...before, ...ellipsis, ...after];

/** What stands for "->…": the ellipsis, then every label that occurs once, in alphabetical order. */
function impliedOutput(terms: readonly Term[], ellipsis: readonly string[]): string[] {
  const all = terms.flatMap(({ before, after }) => [...before, ...after]);
  const once = all.filter((label) => all.indexOf(label) === all.lastIndexOf(label));
  return [...ellipsis, ...once.sort()];
}

/** @throws ValueError when the output repeats a label or names one that no operand has */
function checkOutput(output: readonly string[], operands: readonly (readonly string[])[], equation: string): void {
  output.forEach((label, i) => {
    if (output.indexOf(label) !== i) throw new ValueError(where, `the output of "${equation}" names "${label}" twice`, "Name each of its dims once", { equation, label });
    if (!operands.some((labels) => labels.includes(label))) {
      throw new ValueError(where, `the output of "${equation}" names "${label}", which no operand has`, "Use the operands' labels", { equation, label });
    }
  });
}

/** The size of a label, and the operand that has it. */
interface Sized {
  readonly size: number;
  readonly operand: number;
}

function differ(equation: string, label: string, one: Sized, other: Sized): ShapeError {
  const name = /\d/.test(label) ? `dim ${label} of "..."` : `label "${label}"`;
  const sizes = one.operand === other.operand ? `${one.size} and ${other.size}` : `${one.size} in operand ${one.operand} and ${other.size}`;
  return new ShapeError(where, `${name} in "${equation}" is ${sizes} in operand ${other.operand}`, "Dims of one label must have equal sizes", {
    equation,
    label,
    sizes: [one.size, other.size],
  });
}

/** @throws ShapeError when dims of one label differ in size; between operands 1 goes with any */
function checkSizes(operands: readonly (readonly string[])[], shapes: readonly Shape[], equation: string): void {
  const seen = new Map<string, Sized>();
  operands.forEach((labels, operand) => {
    labels.forEach((label, d) => {
      const here = { size: shapes[operand][d], operand };
      const known = seen.get(label);
      const stretches = known !== undefined && known.operand !== operand && (known.size === 1 || here.size === 1);
      if (known !== undefined && known.size !== here.size && !stretches) throw differ(equation, label, known, here);
      if (known === undefined || here.size !== 1) seen.set(label, here);
    });
  });
}

/**
 * Reads an equation such as "bij,bjk->bik", "ii", "...ij->...ji".
 * @throws ValueError on a malformed equation, ShapeError when it does not fit the shapes
 */
export function parseEquation(equation: string, shapes: readonly Shape[]): Equation {
  const sides = equation.replaceAll(/\s/g, "").split("->");
  if (sides.length > 2) throw new ValueError(where, `"${equation}" has several arrows`, 'Write it as "ij,jk->ik"', { equation });
  const texts = sides[0].split(",");
  if (texts.length !== shapes.length) {
    throw new ValueError(where, `"${equation}" names ${texts.length} operands, got ${shapes.length}`, "Separate operands by commas, one for each tensor", { equation });
  }
  const terms = texts.map((text) => parseTerm(text, equation));
  const ranks = terms.map((term, i) => ellipsisRank(term, texts[i], shapes[i], i));
  const longest = Math.max(...ranks);
  const operands = terms.map((term, i) => fill(term, ellipsisLabels(ranks[i], longest)));
  const ellipsis = ellipsisLabels(longest, longest);
  const right = sides.at(1);
  const target = right === undefined ? undefined : parseTerm(right, equation);
  const output = target === undefined ? impliedOutput(terms, ellipsis) : fill(target, target.hasEllipsis ? ellipsis : []);
  checkOutput(output, operands, equation);
  checkSizes(operands, shapes, equation);
  return { operands, output };
}
