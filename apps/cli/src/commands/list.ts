import type { DatasetEntry } from "@dl/data";
import type { Calculation, AnyRecipe } from "@dl/recipes";
import { unknownName } from "@dl/registry";
import type { BackendFactory } from "@dl/tensor";
import { isPresent } from "../data.js";
import { asUsage } from "../errors.js";
import { print, printJson, widthOf, type Io } from "../io.js";
import { registry } from "../registry.js";
import { grouped } from "../terminal/format.js";
import { renderTable, wrap } from "../terminal/table.js";

/** One entry in plain JSON. */
type Row = { readonly name: string } & Readonly<Record<string, unknown>>;

interface Listing {
  readonly rows: (io: Io) => Row[] | Promise<Row[]>;
  /** Cells beside the name; without them the names alone are listed, side by side. */
  readonly cells?: (row: Row) => string[];
}

async function datasetRow(name: string, entry: DatasetEntry<unknown>, io: Io): Promise<Row> {
  const present = await isPresent(entry, io);
  const { area, title, samples, shape, licence } = entry;
  return { name, area, title, ...samples, samples: Object.values(samples), shape, classes: entry.classes.length, licence, source: entry.kind, present };
}

const recipeRow = (recipe: AnyRecipe | Calculation): Row => {
  const { kind, name, title, chapter } = recipe;
  return { name, title, chapter, ...(kind === "training" && { datasets: recipe.datasets, options: recipe.options }), ...(kind === "calculation" && recipe.dataset !== undefined && { datasets: [recipe.dataset] }), command: `dl ${kind === "training" ? "train" : "run"} ${name}` };
};

const listings: Readonly<Record<string, Listing>> = {
  layers: { rows: () => Object.keys(registry.layers).map((name) => ({ name })) },
  ops: {
    rows: () => Object.values(registry.ops).map(({ name, differentiable }) => ({ name, differentiable })),
  },
  backends: {
    rows: () =>
      Promise.all(Object.entries<BackendFactory>(registry.backends).map(async ([name, factory]) => ({ name, available: await factory.isAvailable() }))),
    cells: ({ available }) => [available === true ? "available" : "not available here"],
  },
  datasets: {
    rows: (io) => Promise.all(Object.entries<DatasetEntry<unknown>>(registry.datasets).map(([name, entry]) => datasetRow(name, entry, io))),
    cells: ({ samples, present, title }) => [(samples as readonly number[]).map(grouped).join(" + "), present === true ? "here" : "to download", String(title)],
  },
  recipes: {
    rows: () => Object.values<AnyRecipe | Calculation>(registry.recipes).map(recipeRow),
    cells: ({ chapter, title, command }) => [`ch. ${String(chapter)}`, String(command).split(" ")[1], String(title)],
  },
};

export const listKinds = Object.keys(listings);

function checkKind(kind: string): void {
  if (!Object.hasOwn(listings, kind)) throw unknownName("list", "kind", kind, listKinds);
}

function render(kind: string, rows: readonly Row[], width: number): string {
  const { cells } = listings[kind];
  const sorted = rows.toSorted((a, b) => a.name.localeCompare(b.name));
  const body =
    cells === undefined
      ? wrap(sorted.map(({ name }) => name), width, "  ")
      : renderTable(sorted.map((row) => [`  ${row.name}`, ...cells(row)]), width);
  return `${kind} (${rows.length})\n${body}\n`;
}

/** What the registry holds: everything, or one kind. */
export async function list(kind: string | undefined, { json = false }: { readonly json?: boolean }, io: Io): Promise<void> {
  if (kind !== undefined) asUsage(() => { checkKind(kind); });
  for (const each of kind === undefined ? listKinds : [kind]) {
    const rows = await listings[each].rows(io);
    if (json) for (const row of rows) printJson(io, { kind: each, ...row });
    else print(io.stdout, render(each, rows, widthOf(io.stdout)));
  }
}
