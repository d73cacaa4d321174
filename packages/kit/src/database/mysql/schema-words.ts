import type { SchemaWords } from '../migration.ts';

/**
 * The collation that compares every character and counts trailing spaces, as SQLite does. MariaDB and MySQL have different names
 * for it, and each reads only its own of the two comments; so migrations have the same text, and checksum, on both.
 */
const exactly = 'CHARACTER SET utf8mb4 COLLATE /*M! utf8mb4_nopad_bin */ /*!80017 utf8mb4_0900_bin */';

/** The longest text that a unique column can have: an index holds 3072 bytes, and a character takes up to four. */
const longestInRow = 768;

/** The words of MySQL and MariaDB. */
export const mysqlWords: SchemaWords = {
  newId: 'BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY',
  wholeNumber: 'BIGINT',
  text: (maxLength) => `${maxLength <= longestInRow ? `VARCHAR(${maxLength})` : textFor(maxLength)} ${exactly}`,
  longText: `MEDIUMTEXT ${exactly}`,
  strictTable: 'ENGINE = InnoDB DEFAULT CHARSET = utf8mb4',
};

/** Longer texts do not count against the size of a row. */
function textFor(maxLength: number): string {
  return maxLength * 4 <= 65_535 ? 'TEXT' : 'MEDIUMTEXT';
}
