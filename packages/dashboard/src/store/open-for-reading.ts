import { DatabaseSync } from 'node:sqlite';

/** What SQLite keeps of the file in memory. More answers nothing sooner: the system keeps the file in memory, too. */
const cacheKibibytes = 8_192;

/** The file of the dashboard for reading alone, on another thread. */
export function openForReading(file: string): DatabaseSync {
  const database = new DatabaseSync(file, { readOnly: true, timeout: 1_000 });
  database.exec(`PRAGMA cache_size = -${cacheKibibytes}; PRAGMA temp_store = MEMORY`);
  return database;
}
