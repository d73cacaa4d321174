/** A row that has a time. */
export interface Dated {
  /** Milliseconds since the epoch. */
  readonly atMs: number;
}

/** Rows, newest first, and those that wait while a person reads. */
export interface LiveList<Row extends Dated> {
  readonly rows: readonly Row[];
  /** Newest first. They join `rows` when the person goes on. */
  readonly waiting: readonly Row[];
  readonly isPaused: boolean;
  /** Rows that came while the person read, and were too many to keep. */
  readonly missed: number;
  /** For rows older than these; undefined: there are none. */
  readonly cursor: string | undefined;
}

/** What tells rows apart, and puts those of one moment in order. */
export type KeyOf<Row> = (row: Row) => string | number;

/** Rows kept on a page. More would only make the browser slow: the engine has them, and a filter finds them. */
const keptRows = 20_000;

/** A list of nothing. */
export function emptyList<Row extends Dated>(): LiveList<Row> {
  return { rows: [], waiting: [], isPaused: false, missed: 0, cursor: undefined };
}

/** The list with older rows that were asked for. Those that came meanwhile stay. */
export function withOlder<Row extends Dated>(
  list: LiveList<Row>,
  older: readonly Row[],
  cursor: string | undefined,
  keyOf: KeyOf<Row>,
): LiveList<Row> {
  return { ...list, rows: joined(list.rows, older, keyOf).slice(0, keptRows), cursor };
}

/** The list with rows that have just come, in any order. What is known already takes its newest form. */
export function withNew<Row extends Dated>(
  list: LiveList<Row>,
  news: readonly Row[],
  keyOf: KeyOf<Row>,
): LiveList<Row> {
  if (news.length === 0) return list;
  if (!list.isPaused) return { ...list, rows: joined(news, list.rows, keyOf).slice(0, keptRows) };
  const fresh = new Map(news.map((row) => [keyOf(row), row]));
  // Rows in sight may change, but nothing moves.
  const rows = list.rows.map((row) => fresh.get(keyOf(row)) ?? row);
  for (const row of list.rows) fresh.delete(keyOf(row));
  const waiting = joined([...fresh.values()], list.waiting, keyOf);
  return {
    ...list,
    rows,
    waiting: waiting.slice(0, keptRows),
    missed: list.missed + Math.max(0, waiting.length - keptRows),
  };
}

/**
 * The list with the page of the newest rows, asked for anew. Of the time that the page covers it is the whole truth: a row that is not in
 * it any more has turned out to be a part of another.
 */
export function withNewest<Row extends Dated>(
  list: LiveList<Row>,
  page: readonly Row[],
  hasMore: boolean,
  keyOf: KeyOf<Row>,
): LiveList<Row> {
  const present = new Set(page.map(keyOf));
  // Rows of the last moment of the page may go on on the next one.
  const coversFromMs = hasMore ? (page.at(-1)?.atMs ?? Number.POSITIVE_INFINITY) : Number.NEGATIVE_INFINITY;
  const still = (rows: readonly Row[]): readonly Row[] => {
    const end = endOf(rows, ({ atMs }) => atMs > coversFromMs);
    return rows
      .slice(0, end)
      .filter((row) => present.has(keyOf(row)))
      .concat(rows.slice(end));
  };
  // While somebody reads, nothing moves: what is in sight goes when it is shown anew.
  const rows = list.isPaused ? list.rows : still(list.rows);
  return withNew({ ...list, rows, waiting: still(list.waiting) }, page, keyOf);
}

/** The list while a person reads: nothing moves. */
export function paused<Row extends Dated>(list: LiveList<Row>): LiveList<Row> {
  return list.isPaused ? list : { ...list, isPaused: true };
}

/** The list when the person goes on. */
export function resumed<Row extends Dated>(list: LiveList<Row>, keyOf: KeyOf<Row>): LiveList<Row> {
  if (!list.isPaused) return list;
  const rows = joined(list.waiting, list.rows, keyOf).slice(0, keptRows);
  return { ...list, rows, waiting: [], isPaused: false, missed: 0 };
}

/** The list without what has come so far, to see only what follows. */
export function cleared<Row extends Dated>(list: LiveList<Row>): LiveList<Row> {
  return { ...emptyList(), isPaused: list.isPaused };
}

/**
 * Whether a page of the newest rows reaches down to those that are known. If it does not, so much came in between that the rest is missing,
 * and the list has to begin anew with this page.
 */
export function reachesKnown<Row extends Dated>(
  list: LiveList<Row>,
  page: readonly Row[],
  hasMore: boolean,
  keyOf: KeyOf<Row>,
): boolean {
  if (!hasMore || (list.rows.length === 0 && list.waiting.length === 0)) return true;
  const fresh = new Set(page.map(keyOf));
  const isFresh = (row: Row): boolean => fresh.has(keyOf(row));
  return list.waiting.some(isFresh) || list.rows.some(isFresh);
}

/** Both lists in one, newest first, each row once: in the form that the first list has. */
function joined<Row extends Dated>(first: readonly Row[], second: readonly Row[], keyOf: KeyOf<Row>): readonly Row[] {
  const ordered = first.toSorted((a, b) => compare(a, b, keyOf));
  const oldest = ordered.at(-1);
  if (oldest === undefined) return second;
  // What is older than all of the first list stays as it is: it may be ten thousand rows.
  const end = endOf(second, (row) => row.atMs >= oldest.atMs);
  const seen = new Set<string | number>();
  const mixed = [...ordered, ...second.slice(0, end)].filter((row) => {
    const key = keyOf(row);
    return seen.has(key) ? false : seen.add(key);
  });
  mixed.sort((a, b) => compare(a, b, keyOf));
  return mixed.concat(second.slice(end));
}

function compare<Row extends Dated>(a: Row, b: Row, keyOf: KeyOf<Row>): number {
  return b.atMs - a.atMs || (keyOf(a) < keyOf(b) ? 1 : -1);
}

/** How many rows at the beginning are as `isAbove` says. */
function endOf<Row>(rows: readonly Row[], isAbove: (row: Row) => boolean): number {
  const end = rows.findIndex((row) => !isAbove(row));
  return end === -1 ? rows.length : end;
}
