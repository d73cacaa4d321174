import { padToWidth, textWidth } from '@flotilla/kit/text-width';
import { wrapText } from './wrap-text.ts';

/** A column of a table for people. */
export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => string;
  /** Numbers stand at the right. Default: left. */
  readonly right?: boolean;
  /** Columns with a higher number are left out first where the terminal is narrow; 0: never. Default 0. */
  readonly expendable?: number;
}

const gap = '  ';

/**
 * A table in lines, as wide as its longest cells. Where that is more than `columns`, the expendable columns go; what has gone is told
 * below. `columns` undefined: nothing is left out.
 */
export function textTable<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  width: number | undefined,
  /** Lines that belong below a row. */
  below: (row: Row) => readonly string[] = () => [],
): string[] {
  let shown = columns.map((column) => {
    const cells = rows.map((row) => column.cell(row));
    return { column, cells, width: Math.max(...[column.title, ...cells].map(textWidth)) };
  });
  const total = (): number => shown.reduce((sum, each) => sum + each.width + gap.length, -gap.length);
  const left: string[] = [];
  while (width !== undefined && total() > width) {
    const rank = Math.max(...shown.map(({ column }) => column.expendable ?? 0));
    if (rank === 0) break;
    left.push(
      ...shown.filter(({ column }) => column.expendable === rank).map(({ column }) => column.title.toLowerCase()),
    );
    shown = shown.filter(({ column }) => column.expendable !== rank);
  }
  const line = (cellOf: (each: (typeof shown)[number]) => string): string =>
    shown
      .map((each) => {
        const cell = cellOf(each);
        const missing = ' '.repeat(Math.max(0, each.width - textWidth(cell)));
        return each.column.right === true ? missing + cell : padToWidth(cell, each.width);
      })
      .join(gap)
      .trimEnd();
  return [
    line(({ column }) => column.title),
    ...rows.flatMap((row, index) => [line(({ cells }) => cells[index] ?? ''), ...below(row)]),
    ...(left.length === 0
      ? []
      : wrapText(`(no room for ${left.join(', ')}: make the window wider, or use --json)`, width ?? Infinity)),
  ];
}
