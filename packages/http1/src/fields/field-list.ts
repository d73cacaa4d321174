import { fieldNameOf, idOfCode, nameOfCode } from './field-names.ts';
import { type FieldScanner, SPAN } from './field-scanner.ts';

/** Fields as received: `[name, value, name, value, …]`. Order and case are kept, repeated fields are repeated. */
export type FieldList = readonly string[];

/** A list of fields with the table id of each name: `ids[i]` belongs to `fields[2 * i]`; 0 is a name of no table. */
export interface IdentifiedFields {
  readonly fields: FieldList;
  readonly ids: readonly number[];
}

/** The lower-cased name of field number `index`: a shared constant for usual names. */
export function lowerNameAt(list: IdentifiedFields, index: number): string {
  return fieldNameOf(list.ids[index] ?? 0) ?? (list.fields[index * 2] ?? '').toLowerCase();
}

/** The value of the first field with that id, or `undefined`. See `fieldNameId` for ids. */
export function valueOf(list: IdentifiedFields, id: number): string | undefined {
  const index = list.ids.indexOf(id);
  return index < 0 ? undefined : list.fields[index * 2 + 1];
}

/** Cuts the names and values that `scanner` noted out of `text`, which is the section from its base on. */
export function cutFields(text: string, scanner: FieldScanner): { fields: string[]; ids: number[] } {
  const { count, spans } = scanner;
  const fields = new Array<string>(count * 2);
  const ids = new Array<number>(count);
  for (let i = 0, at = 0; i < count; i++, at += SPAN) {
    const code = spans[at + 4] ?? 0;
    fields[i * 2] = nameOfCode(code) ?? text.substring(spans[at] ?? 0, spans[at + 1] ?? 0);
    fields[i * 2 + 1] = text.substring(spans[at + 2] ?? 0, spans[at + 3] ?? 0);
    ids[i] = idOfCode(code);
  }
  return { fields, ids };
}
