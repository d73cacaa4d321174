/** Header fields as received: `[name, value, name, value …]`. Order and case kept, repeated fields repeated. */
export type HeaderList = readonly string[];

/** The first value of a field; `lowerName` in lower case. */
export function headerValue(headers: HeaderList, lowerName: string): string | undefined {
  for (let at = 0; at < headers.length; at += 2) {
    const name = headers[at] ?? '';
    if (name.length === lowerName.length && (name === lowerName || name.toLowerCase() === lowerName)) {
      return headers[at + 1];
    }
  }
  return undefined;
}

/** All values of a field, in order; `lowerName` in lower case. */
export function headerValues(headers: HeaderList, lowerName: string): string[] {
  const values: string[] = [];
  for (let at = 0; at < headers.length; at += 2) {
    if ((headers[at] ?? '').toLowerCase() === lowerName) values.push(headers[at + 1] ?? '');
  }
  return values;
}

/** Takes all fields of a name out of a list; `lowerName` in lower case. */
export function removeField(headers: string[], lowerName: string): void {
  removeFields(headers, (name) => name.length === lowerName.length && name.toLowerCase() === lowerName);
}

/** Takes the fields out of a list whose names are `unwanted`. */
export function removeFields(headers: string[], unwanted: (name: string) => boolean): void {
  let kept = 0;
  for (let at = 0; at < headers.length; at += 2) {
    const [name = '', value = ''] = [headers[at], headers[at + 1]];
    if (unwanted(name)) continue;
    headers[kept] = name;
    headers[kept + 1] = value;
    kept += 2;
  }
  headers.length = kept;
}
