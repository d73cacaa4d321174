import { createHash } from 'node:crypto';

/** A column of a result, as the server describes it. */
export interface ResultColumn {
  readonly name: string;
  readonly parse: (text: string) => unknown;
}

/** A statement that the server keeps prepared under a name. */
export interface NamedStatement {
  readonly sql: string;
  readonly name: string;
  /** `unsure`: it was sent, and it is not known whether the server has it. */
  state: 'new' | 'parsed' | 'unsure';
  /** Whether the server will have it when it is used again. */
  stays: boolean;
  /** The columns of its result, once the server has described them; empty if it has none. */
  columns: readonly ResultColumn[] | undefined;
}

/** How many statements a connection keeps prepared. A service has a few dozen; with more, values are probably written into the SQL. */
const maxNamed = 200;

/** The statements that one connection has prepared. */
export class PostgresStatements {
  readonly #named = new Map<string, NamedStatement>();
  /** How often all names were given up. */
  #generation = 0;
  /** False: there is a pooler that changes the connection behind ours. */
  #stay = true;

  /** The statement under its name; undefined: the server keeps enough. */
  of(sql: string): NamedStatement | undefined {
    const known = this.#named.get(sql);
    if (known !== undefined || this.#named.size >= maxNamed) return known;
    // By what it says: behind a pooler, the connection of the server may have been another program's before, and a name that
    // counts would be that of another statement there, which would run instead.
    const name = `flotilla_${this.#generation}_${createHash('sha256').update(sql).digest('hex').slice(0, 32)}`;
    const stays = this.#stay;
    const added: NamedStatement = { sql, name, state: stays ? 'new' : 'unsure', stays, columns: undefined };
    this.#named.set(sql, added);
    return added;
  }

  /**
   * The server does not have, or has already, what this connection thinks. From now on all are prepared with each use, and described:
   * what happened once happens again, and in a transaction nothing can be repeated.
   */
  doubt(): void {
    this.#stay = false;
    for (const statement of this.#named.values()) {
      statement.state = 'unsure';
      statement.stays = false;
    }
  }

  /** Gives up all names: a table has changed, and under new ones statements are prepared anew. */
  forget(): void {
    this.#named.clear();
    this.#generation += 1;
  }
}
