import { i32 } from "../assembler/index.js";
import type { Code, FunctionBuilder, Local } from "../assembler/index.js";
import { forRows } from "./rows.js";
import { word, words } from "./word.js";

/** Positions among the arguments, in words, of a kernel that walks over rows of several views. */
export class WalkLayout {
  /** Elements of a row; sizes of the dims outside of it follow. */
  readonly length = 0;

  /** @param depth how many dims there are outside of a row */
  constructor(
    readonly depth: number,
    readonly numViews: number,
  ) {}

  size(d: number): number {
    return 1 + d;
  }

  /** A view's address, its step within a row, and its strides outside, in bytes. */
  view(k: number): number {
    return 1 + this.depth + k * (2 + this.depth);
  }

  /** Where arguments of the kernel's own begin. */
  get own(): number {
    return this.view(this.numViews);
  }
}

/** Where one row lies; all of these may be changed. */
export interface Row {
  readonly pointers: readonly Local<"i32">[];
  /** Between neighbours, in bytes. */
  readonly steps: readonly Local<"i32">[];
  readonly length: Local<"i32">;
}

/** The function of a kernel: `body` for rows from … to, or for that stretch of the only row where there are no dims outside. */
export function walkRows(f: FunctionBuilder, layout: WalkLayout, body: (row: Row) => readonly Code[]): void {
  const [args, from, to] = [0, 1, 2].map((k) => f.param("i32", k));
  const all = Array.from({ length: layout.numViews }, (_, k) => k);
  const row: Row = {
    pointers: all.map(() => f.local("i32")),
    steps: all.map((k) => f.hold("i32", word(args, layout.view(k) + 1))),
    length: f.local("i32"),
  };
  if (layout.depth === 0) {
    const start = (k: number): Code<"i32"> => i32.add(word(args, layout.view(k)), i32.mul(from.get, row.steps[k].get));
    f.push(row.pointers.map((pointer, k) => pointer.set(start(k))), row.length.set(i32.sub(to.get, from.get)), ...body(row));
    return;
  }
  const views = all.map((k) => ({ at: f.hold("i32", word(args, layout.view(k))), strides: words(f, args, layout.view(k) + 2, layout.depth) }));
  const sizes = words(f, args, layout.size(0), layout.depth);
  const begin = [...row.pointers.map((pointer, k) => pointer.set(views[k].at.get)), row.length.set(word(args, layout.length))];
  f.push(forRows(f, from, to, sizes, views, [...begin, ...body(row)]));
}

/** Moves all pointers of a row to the next element. */
export const toNext = ({ pointers, steps }: Row): Code[] => pointers.map((pointer, k) => pointer.set(i32.add(pointer.get, steps[k].get)));
