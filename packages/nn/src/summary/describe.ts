import { isTensor } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import type { Module } from "../module/module.js";

/** The class's `type`, or its name. */
export const typeName = ({ constructor }: Module): string => {
  const type: unknown = Reflect.get(constructor, "type");
  return typeof type === "string" ? type : constructor.name;
};

/** All tensors in an output, which may be an array or an object of them. */
export const tensorsIn = (output: unknown): Tensor[] => {
  if (isTensor(output)) return [output];
  return typeof output === "object" && output !== null ? Object.values(output).flatMap(tensorsIn) : [];
};
