/** What may be told of a statement: nothing of it is a value. */
export interface StatementSummary {
  /** `SELECT` */
  readonly operation: string;
  /** The first table; undefined: it is about none. */
  readonly collection: string | undefined;
  /** The operation and the tables: `SELECT orders users`. */
  readonly summary: string;
}

/** A word, a name in quotes of any kind of database, or a sign. */
const tokens = /"(?:[^"]|"")+"|`(?:[^`]|``)+`|\[[^\]]+\]|[A-Za-z_][\w$]*|'(?:[^']|'')*'|[(),.;]/g;
/** Words after which a table comes. */
const beforeTable = new Set(['FROM', 'JOIN', 'INTO', 'UPDATE', 'TABLE']);
/** Words that may stand between those and the table. */
const beforeName = new Set(['ONLY', 'IF', 'NOT', 'EXISTS', 'LATERAL', 'IGNORE', 'OR', 'ABORT', 'REPLACE', 'ROLLBACK']);
/** More of a statement is not looked at: its tables stand at the beginning. */
const lookedAt = 2_000;
/** As OpenTelemetry's conventions say. */
const longestSummary = 255;
const longestText = 4_096;

/** The operation of a statement and its tables, by OpenTelemetry's conventions for `db.query.summary`. */
export function describeStatement(sql: string): StatementSummary {
  const words = sql.slice(0, lookedAt).match(tokens) ?? [];
  const operation = operationOf(words);
  const tables = new Set<string>();
  for (let index = 0; index < words.length; index += 1) {
    // An update of a row that exists already, and a row that is locked, name no table.
    if (!beforeTable.has(upper(words[index])) || isClause(upper(words[index - 1]))) continue;
    let at = index + 1;
    while (beforeName.has(upper(words[at]))) at += 1;
    // The last part of `public.users`.
    while (words[at + 1] === '.') at += 2;
    const name = nameIn(words[at]);
    if (name !== undefined) tables.add(name);
  }
  const [collection] = tables;
  return { operation, collection, summary: [operation, ...tables].join(' ').slice(0, longestSummary) };
}

/** Texts of any SQL. */
const quoted = /'(?:[^']|'')*(?:'|$)/g;
/** Those of PostgreSQL in which a backslash keeps a quote from ending them. */
const escaped = /\bE'(?:[^'\\]|''|\\[\s\S])*(?:'|$)/gi;
/** MySQL's texts: all are of that kind, and double quotes are around texts, too. */
const ofMysql = /(['"])(?:(?!\1)[^\\]|\1\1|\\[\s\S])*(?:\1|$)/g;

/**
 * The text of a statement without the values that somebody has written into it.
 *
 * @param system its database, by OpenTelemetry's name: they differ in what a text is
 */
export function withoutValues(sql: string, system: string): string {
  const start = sql.slice(0, longestText).replace(/\$(\w*)\$[\s\S]*?(?:\$\1\$|$)/g, '?');
  const isMysql = system === 'mysql' || system === 'mariadb';
  const text = (isMysql ? start.replace(ofMysql, '?') : start.replace(escaped, '?').replace(quoted, '?'))
    .replace(/\/\*[\s\S]*?(?:\*\/|$)|--[^\n]*/g, ' ')
    .replace(/(?<![\w$"`.])(?:0x[0-9a-f]+|\d+(?:\.\d+)?(?:e[+-]?\d+)?)(?![\w"`])/gi, '?');
  return text.replace(/\s+/g, ' ').trim();
}

/** `WITH` only introduces what is done. */
function operationOf(words: readonly string[]): string {
  const first = upper(words[0]);
  if (first !== 'WITH') return first === '' ? 'UNKNOWN' : first;
  let depth = 0;
  for (const word of words.slice(1)) {
    if (word === '(') depth += 1;
    if (word === ')') depth -= 1;
    const name = upper(word);
    if (depth === 0 && ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'MERGE'].includes(name)) return name;
  }
  return first;
}

function isClause(before: string): boolean {
  return before === 'FOR' || before === 'DO' || before === 'KEY' || before === 'DISTINCT';
}

/** The word, if it is one; names in quotes are none. */
function upper(word: string | undefined): string {
  return word !== undefined && /^\w/.test(word) ? word.toUpperCase() : '';
}

function nameIn(word: string | undefined): string | undefined {
  if (word === undefined || /^['(),.;]/.test(word)) return undefined;
  return /^["`[]/.test(word) ? word.slice(1, -1) : word;
}
