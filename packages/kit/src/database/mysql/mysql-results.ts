import type { FieldPacket } from 'mysql2';
import type { StatementResult } from '../server/server-connection.ts';

/** The type of the sum of whole numbers. */
const newDecimal = 246;

/** What a statement did, from what the driver gives: an array of rows, or an object with what was done. */
export function resultOf(result: unknown, fields: readonly FieldPacket[] | undefined): StatementResult {
  if (Array.isArray(result)) return { rows: withNumbers(result, fields ?? []) };
  const { affectedRows, insertId } = Object(result) as {
    readonly affectedRows?: number;
    readonly insertId?: number | string;
  };
  return {
    rows: [],
    affected: affectedRows,
    insertId: insertId === undefined || insertId === 0 ? undefined : BigInt(insertId),
  };
}

/** Whole numbers are numbers, as with SQLite, also the sum of many, which MySQL makes a `DECIMAL`; the driver gives texts. */
function withNumbers(rows: readonly unknown[], fields: readonly (FieldPacket | undefined)[]): readonly unknown[] {
  const decimals = fields.flatMap((field) => (field?.columnType === newDecimal ? [field.name] : []));
  if (decimals.length === 0) return rows;
  return rows.map((row) => {
    // The driver makes an object of each row.
    const read = { ...(row as Readonly<Record<string, unknown>>) };
    for (const name of decimals) {
      const text = read[name];
      if (typeof text === 'string' && /^-?\d+$/.test(text) && Number.isSafeInteger(Number(text)))
        read[name] = Number(text);
    }
    return read;
  });
}

/** The rows of the last statement of a compound one that gave any: the driver then gives all results, and that of the whole at the end. */
export function lastRowsOf(result: unknown, fields: unknown): StatementResult {
  if (!Array.isArray(result)) return { rows: [] };
  const index = result.findLastIndex((one) => Array.isArray(one));
  const rows: unknown = result[index];
  const columns: unknown = Array.isArray(fields) ? fields[index] : undefined;
  return { rows: Array.isArray(rows) ? withNumbers(rows, Array.isArray(columns) ? columns : []) : [] };
}
