/** A setting of a program, its value and its source. */
export interface UsedSetting {
  readonly name: string;
  readonly value: string;
  readonly from: string;
}

/** Reads the table that a program prints with `--print-config`. */
export function readSettingsTable(table: string): readonly UsedSetting[] {
  const [head = '', ...rows] = table.split('\n');
  const value = head.indexOf('VALUE');
  const from = head.indexOf('FROM');
  if (value < 0 || from < 0) return [];
  return rows
    .filter((row) => row.trim() !== '')
    .map((row) => ({
      name: row.slice(0, value).trim(),
      value: row.slice(value, from).trim(),
      from: row.slice(from).trim(),
    }));
}
