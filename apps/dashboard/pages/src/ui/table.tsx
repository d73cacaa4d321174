import type { ComponentChildren, JSX } from 'preact';
import { useApp } from '../app/app.ts';

/** A column of a table. */
export interface Column<Row> {
  readonly key: string;
  readonly header: string;
  readonly cell: (row: Row) => ComponentChildren;
  /** `end` for figures. Default `start`. */
  readonly align?: 'end';
  /** Whether it takes a line of its own on narrow screens. */
  readonly wide?: boolean;
  /** Whether the header is for readers of screens alone, as that of buttons. */
  readonly hideHeader?: boolean;
}

interface TableProps<Row> {
  /** What is in it, for readers of screens. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  /** Where a click on a row leads. The first cell should have the same as a link, for the keyboard. */
  readonly linkOf?: (row: Row) => string | undefined;
}

/** A table; on narrow screens each row is a card. The first column names the row. */
export function Table<Row>({ label, columns, rows, keyOf, linkOf }: TableProps<Row>): JSX.Element {
  const { router } = useApp();
  // The roles are said again because other ways to display take them away.
  return (
    <table class="table" role="table" aria-label={label}>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map(({ key, header, align, hideHeader = false }) => (
            <th key={key} role="columnheader" scope="col" data-align={align}>
              {hideHeader ? <span class="unseen">{header}</span> : header}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row) => {
          const link = linkOf?.(row);
          return (
            <tr
              key={keyOf(row)}
              role="row"
              data-link={link === undefined ? undefined : ''}
              onClick={link === undefined ? undefined : () => router.go(link)}
            >
              {columns.map(({ key, header, align, wide = false, hideHeader = false, cell }) => (
                <td
                  key={key}
                  role="cell"
                  data-align={align}
                  data-wide={wide ? '' : undefined}
                  data-label={hideHeader ? undefined : header}
                >
                  {cell(row)}
                </td>
              ))}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
