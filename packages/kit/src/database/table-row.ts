/** What a column can hold. */
export type ColumnValue = string | number | bigint | boolean | null | Uint8Array;

/** Values by the names of their columns. */
export type ColumnValues = Readonly<Record<string, ColumnValue>>;

/** A row of any table that has ids. */
export type AnyRow = ColumnValues & { readonly id: number };

/** What the builder must know about a table. The columns are known only to those who use the queries. */
export type Tables = Readonly<Record<string, ColumnValues>>;

/** Every row that is read has an id, since the columns that are read have it. */
export function toRow(found: ColumnValues): AnyRow {
  return found as AnyRow;
}

/** The same, for the first of what may be no rows. */
export function toRowIfAny(found: ColumnValues | undefined): AnyRow | undefined {
  return found === undefined ? undefined : toRow(found);
}
