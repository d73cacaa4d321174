import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { KeptLine, TrailBounds, TrailLine, TrailPage, TrailQuery } from './trail-line.ts';

/** After so many new lines, at most twice as many old ones are dropped: a range at the beginning of the table. */
const pruneEvery = 256;

/** The most lines looked through for one page, about 2 ms of work: what another request waits for at most. */
const mostPerRead = 8_192;

/** The audit trail in the table `trail`. Its writes belong into the transaction of the commit that they are about. */
export class SqliteTrail {
  readonly #insert: StatementSync;
  readonly #dropUpTo: StatementSync;
  readonly #dropOld: StatementSync;
  readonly #bounds: TrailBounds;
  readonly #database: DatabaseSync;
  /** The place of the last line. The last is never dropped, so no place is given twice. */
  #last: number;
  /** When old lines are looked for next. */
  #pruneAt: number;

  constructor(database: DatabaseSync, bounds: TrailBounds) {
    this.#database = database;
    this.#bounds = bounds;
    this.#insert = database.prepare('INSERT INTO trail (place, revision, at_ms, service, text) VALUES (?, ?, ?, ?, ?)');
    this.#dropUpTo = database.prepare('DELETE FROM trail WHERE place <= ?');
    this.#dropOld = database.prepare(
      `DELETE FROM trail WHERE at_ms < ? AND place < ? AND place < (SELECT min(place) FROM trail) + ${2 * pruneEvery}`,
    );
    this.#last = Number(database.prepare('SELECT max(place) AS last FROM trail').get()?.['last'] ?? 0);
    this.#pruneAt = this.#last + pruneEvery;
  }

  /**
   * Adds lines, and from time to time drops the oldest. Returns the place of the last one, for `wrote`.
   */
  write(lines: readonly TrailLine[], revision: number): number {
    let place = this.#last;
    for (const { atMs, service, text } of lines) {
      place += 1;
      this.#insert.run(place, revision, Math.trunc(atMs), service ?? null, text);
    }
    const newest = lines.at(-1);
    if (newest !== undefined && place >= this.#pruneAt) {
      this.#dropUpTo.run(place - this.#bounds.maxLines);
      this.#dropOld.run(Math.trunc(newest.atMs - this.#bounds.maxAgeMs), place);
    }
    return place;
  }

  /** The transaction of `write` was committed. */
  wrote(last: number): void {
    this.#last = last;
    if (last >= this.#pruneAt) this.#pruneAt = last + pruneEvery;
  }

  read({ before: given = Number.POSITIVE_INFINITY, after = -1, service, limit }: TrailQuery): TrailPage {
    const before = Math.min(given, this.#last + 1);
    const floor = Math.max(0, before - mostPerRead);
    const rows = this.#database
      .prepare(
        `SELECT place, revision, at_ms, service, text FROM trail
         WHERE place < ?1 AND place >= ?2 AND revision > ?3 ${service === undefined ? '' : 'AND service = ?5'}
         ORDER BY place DESC LIMIT ?4`,
      )
      .all(before, floor, after, limit, ...(service === undefined ? [] : [service]));
    const lines = rows.map(toLine);
    // A full page ends where its last line is.
    const end = lines.length < limit ? floor : (lines.at(-1)?.place ?? floor);
    return this.#hasMore(end, after) ? { lines, next: end } : { lines };
  }

  /** Whether anything that is wanted can be before a place: revisions never fall. */
  #hasMore(before: number, after: number): boolean {
    const row = this.#database
      .prepare('SELECT revision FROM trail WHERE place < ? ORDER BY place DESC LIMIT 1')
      .get(before);
    return row !== undefined && Number(row['revision']) > after;
  }
}

function toLine(row: Readonly<Record<string, unknown>>): KeptLine {
  const { service } = row;
  return {
    place: Number(row['place']),
    revision: Number(row['revision']),
    atMs: Number(row['at_ms']),
    text: String(row['text']),
    ...(typeof service === 'string' ? { service } : {}),
  };
}
