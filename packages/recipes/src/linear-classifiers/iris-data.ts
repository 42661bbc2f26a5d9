import type { TabularData } from "@dl/data";
import type { Axis, Point, Series } from "@dl/figures";
import type { Linear } from "@dl/nn";
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

/** Where two classes win together: (wᵢ − wⱼ)·x + bᵢ − bⱼ = 0, as far as no other class beats them. */
export function bordersOf(model: Linear, classNames: readonly string[]): Series[] {
  const [w, b] = [model.weight.toArray() as [number, number][], model.bias?.dataSync() ?? []];
  const z = (k: number, [x0, x1]: Point): number => w[k][0] * x0 + w[k][1] * x1 + b[k];
  const borders = classNames.flatMap((name, i) =>
    classNames.slice(0, i).map((other, j): Series => {
      const line = Array.from({ length: 141 }, (_, n): Point => [n / 20, -((w[i][0] - w[j][0]) * (n / 20) + b[i] - b[j]) / (w[i][1] - w[j][1])]);
      return { name: `${other} | ${name}`, points: line.filter((point) => classNames.every((_, k) => z(k, point) <= z(i, point) + 1e-6)) };
    }),
  );
  return borders.filter(({ points }) => points.length > 0);
}
