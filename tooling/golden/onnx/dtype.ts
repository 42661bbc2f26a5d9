import type { DType } from "@dl/tensor";
import type { OnnxNode } from "./node.js";

/** ONNX numbers its dtypes; int64 is int32 here. */
const dtypeNumbers: Readonly<Record<number, DType>> = { 1: "float32", 2: "uint8", 3: "int8", 6: "int32", 7: "int32", 9: "bool", 11: "float64" };

/** The dtype that an attribute names; 0, which ONNX calls undefined, names none. @throws ValueError when it is none of ours */
export function dtypeOf(node: OnnxNode, name: string, fallback: DType): DType {
  const number = node.number(name, 0);
  if (number === 0) return fallback;
  return Object.hasOwn(dtypeNumbers, number) ? dtypeNumbers[number] : node.refuse(`${name} ${number} is not one of our dtypes`);
}
