/** The course's matrices: rows actual, columns predicted, of cars, bicycles and trucks. */
export const CM1 = [
  [8, 2, 1],
  [1, 7, 2],
  [2, 0, 12],
];

/** Unbalanced: of cars, trucks and bicycles, only cars are ever found. */
export const CM2 = [
  [1000, 5, 5],
  [10, 0, 0],
  [10, 0, 0],
];

/** Lists that the matrix counts. */
export function listsOf(matrix: readonly (readonly number[])[]): { readonly predicted: number[]; readonly target: number[] } {
  const pairs = matrix.flatMap((row, actual) => row.flatMap((count, column) => Array.from({ length: count }, () => [actual, column])));
  return { target: pairs.map(([actual]) => actual), predicted: pairs.map(([, column]) => column) };
}
