import type { Statement } from '../server/server-connection.ts';

/** Transactions with more statements than this are few: each number of them would be a text of its own. */
const mostStatements = 4;
/** With more texts than this, values are probably written into the SQL. */
const maxKept = 200;

/** A text for some statements, and those that begin with the same ones. */
interface Known {
  readonly text: string | undefined;
  readonly next: Map<string, Known>;
}

/**
 * Makes one statement of several, for MariaDB: it runs them one after the other, up to the first that fails. A COMMIT therefore
 * never follows an insertion that did not happen, though the server is asked once. (MySQL has compound statements in procedures only.)
 *
 * A prepared one has the placeholders of all. Each statement in it is a text that the server reads anew each time: of what stands
 * there directly, it would remember the tables, and use the wrong one (or crash: 10.11) after a view has taken a name. It does not
 * tell which id the last statement has assigned.
 */
export class CompoundStatements {
  readonly #roots = new Map<string, Known>();
  #kept = 0;

  /** The text for `statements`; undefined: they must be run one by one. */
  textFor(statements: readonly Statement[]): string | undefined {
    if (statements.length > mostStatements) return undefined;
    let known: Known | undefined;
    let level = this.#roots;
    for (let index = 0; index < statements.length; index += 1) {
      // Statements of a prepared query are the same text each time.
      const { sql } = statements[index] as Statement;
      known = level.get(sql) ?? this.#learn(level, statements.slice(0, index + 1));
      level = known.next;
    }
    return known?.text;
  }

  #learn(level: Map<string, Known>, statements: readonly Statement[]): Known {
    const known = { text: compoundOf(statements), next: new Map<string, Known>() };
    if (this.#kept >= maxKept) {
      this.#roots.clear();
      this.#kept = 0;
    }
    this.#kept += 1;
    level.set(statements.at(-1)?.sql ?? '', known);
    return known;
  }
}

function compoundOf(statements: readonly Statement[]): string | undefined {
  const texts = statements.map(({ sql }) => sql);
  const last = texts.at(-1) ?? '';
  const before = texts.slice(0, -1);
  const fits =
    before.every((text) => begins.test(text) || writes.test(text)) &&
    (ends.test(last) || reads.test(last)) &&
    !texts.some((text) => unfit.test(text));
  return fits ? `BEGIN NOT ATOMIC\n${statements.map(inCompound).join('')}END` : undefined;
}

function inCompound({ sql, parameters }: Statement): string {
  if (begins.test(sql) || ends.test(sql)) return `${sql};\n`;
  const values = parameters.length === 0 ? '' : ` USING ${parameters.map(() => '?').join(', ')}`;
  return `EXECUTE IMMEDIATE '${sql.replaceAll("'", "''")}'${values};\n`;
}

const begins = /^START TRANSACTION *$/;
const ends = /^COMMIT$/;
const reads = /^select\s/i;
/** One of several rows is like no other. */
const writes = /^(?:insert|update|delete)\s/i;
/** More than one statement; columns that change under a prepared text; what means something else in a text in some modes of the server. */
const unfit = /[;*\\]/;

/** `10.11.6-MariaDB`: the oldest in which compound statements are known to work as prepared ones. */
export function runsCompounds(version: string): boolean {
  const [, major, minor] = /^(\d+)\.(\d+)\..*MariaDB/i.exec(version) ?? [];
  return Number(major) > 10 || (Number(major) === 10 && Number(minor) >= 11);
}
