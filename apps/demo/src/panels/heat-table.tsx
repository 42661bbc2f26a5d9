interface HeatTableProps {
  readonly caption: string;
  /** [row][column] counts. */
  readonly counts: readonly (readonly number[])[];
  readonly labels: readonly string[];
  readonly rowLabel: string;
  readonly columnLabel: string;
}

/** Counts as a table whose cells are the darker, the greater their share of the row. */
export const HeatTable = ({ caption, counts, labels, rowLabel, columnLabel }: HeatTableProps) => (
  <div class="scroll" tabIndex={0} role="region" aria-label={caption}>
    <table class="heat">
      <caption class="hidden">{caption}</caption>
      <thead>
        <tr>
          <th scope="col" class="corner">{columnLabel} →<br />{rowLabel} ↓</th>
          {labels.map((label) => <th key={label} scope="col">{label}</th>)}
        </tr>
      </thead>
      <tbody>
        {counts.map((row, i) => {
          const total = row.reduce((sum, count) => sum + count, 0);
          return (
            <tr key={labels[i]}>
              <th scope="row">{labels[i]}</th>
              {row.map((count, j) => {
                const share = total === 0 ? 0 : count / total;
                return <td key={labels[j]} class={share > 0.45 ? "dark" : undefined} style={{ background: `rgba(var(--heat), ${count === 0 ? 0 : 0.12 + 0.88 * share})` }}>{count}</td>;
              })}
            </tr>
          );
        })}
      </tbody>
    </table>
  </div>
);
