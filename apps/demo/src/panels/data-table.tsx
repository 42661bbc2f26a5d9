import type { ComponentChildren } from "preact";

interface DataTableProps {
  /** What the table tells, for screen readers. */
  readonly caption: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
  readonly foot?: ComponentChildren;
}

/** Rows of words and numbers; numbers stand to the right. */
export const DataTable = ({ caption, head, rows, foot }: DataTableProps) => (
  <div class="scroll" tabIndex={0} role="region" aria-label={caption}>
    <table class="data">
      <caption class="hidden">{caption}</caption>
      <thead><tr>{head.map((name) => <th key={name} scope="col">{name}</th>)}</tr></thead>
      <tbody>
        {rows.map((row, i) => (
          <tr key={i}>{row.map((cell, j) => (j === 0 ? <th key={j} scope="row">{cell}</th> : <td key={j} class={typeof cell === "number" ? "number" : undefined}>{cell}</td>))}</tr>
        ))}
      </tbody>
      {foot !== undefined && <tfoot>{foot}</tfoot>}
    </table>
  </div>
);
