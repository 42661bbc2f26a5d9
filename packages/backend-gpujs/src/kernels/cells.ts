import type { View } from "@dl/tensor";
import type { Cell } from "../device/cell.js";

/** Where a view's numbers are. */
export type CellOf = (view: View) => Cell;
