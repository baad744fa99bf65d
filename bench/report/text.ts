/** Rows as people read them: aligned for a terminal, or as a Markdown table. */
import { format, judge, median, type Row } from './row.ts';

const heading = ['what', 'with', 'median', 'target', ''] as const;

export function cellsOf(row: Row): readonly string[] {
  const medians = row.series
    .map(({ name, values }) => `${name} ${format(median(values))} ${row.unit}`)
    .join(', ');
  const judged = row.targets.map((target) => judge(row, target));
  const samples = Math.max(...row.series.map(({ values }) => values.length));
  const where = [row.browser, row.load, samples > 1 ? `n = ${samples}` : null]
    .filter((part) => part !== null)
    .join(', ');
  return [
    row.what,
    where,
    medians,
    judged.map(({ text, wanted }) => `${text} (${wanted})`).join('; '),
    judged.map(({ reached }) => (reached ? 'yes' : 'no')).join('; '),
  ];
}

export function table(rows: readonly Row[]): string {
  const lines = [heading, ...rows.map(cellsOf)];
  const widths = heading.map((_title, column) =>
    Math.max(...lines.map((cells) => (cells[column] ?? '').length)),
  );
  return lines
    .map((cells) =>
      cells
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

export function markdown(rows: readonly Row[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(['what', 'with', 'median', 'target', 'reached']),
    line(heading.map(() => '---')),
    ...rows.map((row) => line(cellsOf(row))),
  ].join('\n');
}
