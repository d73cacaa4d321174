import type pg from 'pg';

/** The object ids of the types that the driver reads in another way than every kind of database does. */
const bigint = 20;
const numeric = 1700;
const timestampWithoutZone = 1114;
const date = 1082;

/**
 * How values of types are read. Whole numbers are numbers, as with SQLite, also the sum of many, which PostgreSQL makes a
 * `numeric`; the driver gives texts. Times without a zone stay texts: the driver would read them in the zone of this process.
 */
export function postgresTypes(types: typeof pg.types): pg.CustomTypesConfig {
  return {
    // The driver calls it with these.
    getTypeParser: ((id: number, format?: 'text' | 'binary'): unknown => {
      if (format === 'binary') return types.getTypeParser(id, 'binary');
      switch (id) {
        case bigint:
        case numeric:
          return readNumber;
        case timestampWithoutZone:
        case date:
          return (text: string) => text;
        default:
          return types.getTypeParser(id, 'text');
      }
    }) as typeof types.getTypeParser,
  };
}

/** A number, if it is a whole one that a number holds exactly; else the text. */
function readNumber(text: string): number | string {
  const number = Number(text);
  return Number.isSafeInteger(number) && /^-?\d+$/.test(text) ? number : text;
}
