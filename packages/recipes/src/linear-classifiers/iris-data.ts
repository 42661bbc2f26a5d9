import type { TabularData } from "@dl/data";
import type { Axis, Series } from "@dl/figures";
import type { Tensor } from "@dl/tensor";

/** Columns of the two lengths of petals. */
const PETALS = [2, 3];

/** Length and width of the petals, x [N, 2] in cm, and y [N] float32, of the flowers of some classes. */
export async function irisPetals({ data }: TabularData, classes: readonly number[]): Promise<{ readonly x: Tensor; readonly y: Tensor }> {
  const labels = await data.y.data();
  const { x, y } = data.batch([...labels.keys()].filter((row) => classes.includes(labels[row])));
  return { x: x.slice(1, PETALS[0], PETALS[1] + 1), y: y.to("float32") };
}

/** Axes and series of a chart of the flowers, class by class, with lines over them. */
export function irisScatter(x: Tensor, y: Tensor, classNames: readonly string[], lines: readonly Series[]): { readonly x: Axis; readonly y: Axis; readonly series: readonly Series[]; readonly legend: "bottom" } {
  const [places, labels] = [x.toArray() as [number, number][], y.dataSync()];
  const dots = classNames.map((name, label): Series => ({ name, style: "dots", points: places.filter((_, row) => labels[row] === label) }));
  return { x: { label: "petal length, cm", domain: [0, 7] }, y: { label: "petal width, cm", domain: [0, 3] }, series: [...dots, ...lines], legend: "bottom" };
}
