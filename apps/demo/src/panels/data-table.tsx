import type { ComponentChildren } from "preact";

interface DataTableProps {
  /** What the table tells, for screen readers. */
  readonly caption: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
  /** Positions of columns of numbers, which stand to the right. */
  readonly numbers?: readonly number[];
  readonly foot?: ComponentChildren;
}

export const DataTable = ({ caption, head, rows, numbers = [], foot }: DataTableProps) => (
  <div class="scroll" tabIndex={0} role="region" aria-label={caption}>
    <table class="data">
      <caption class="hidden">{caption}</caption>
      <thead><tr>{head.map((name, j) => <th key={name} scope="col" class={numbers.includes(j) ? "number" : undefined}>{name}</th>)}</tr></thead>
      <tbody>
        {rows.map((row, i) => (
          <tr key={i}>{row.map((cell, j) => (j === 0 ? <th key={j} scope="row">{cell}</th> : <td key={j} class={numbers.includes(j) ? "number" : undefined}>{cell}</td>))}</tr>
        ))}
      </tbody>
      {foot !== undefined && <tfoot>{foot}</tfoot>}
    </table>
  </div>
);
