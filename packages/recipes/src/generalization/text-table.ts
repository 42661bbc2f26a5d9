import { textTable as table } from "@dl/nn";

/** A table whose first column is text and whose others are numbers. */
export const textTable = (header: readonly string[], rows: readonly (readonly string[])[]): string[] => table(header, rows, header.map((_, c) => c > 0));

/** `97.5 %` */
export const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** `52,138` */
export const count = (whole: number): string => whole.toLocaleString("en-US");

/** The middle one of the values in order; the upper of two. */
export const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
