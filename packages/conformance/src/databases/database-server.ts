/** Who logs in, and where. */
export interface DatabaseAccount {
  readonly user: string;
  readonly password: string;
}

/** A real database server on loopback, with its data in a temporary folder. It ends with the test's process. */
export interface DatabaseServer extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  /** The folder of its Unix socket. */
  readonly socketFolder: string;
  /** May do everything. */
  readonly admin: DatabaseAccount;
  /** The `DATABASE_URL` of a database. Default account: `admin`. */
  url(database: string, account?: DatabaseAccount): string;
  /** Makes an empty database, and gives its URL. */
  createDatabase(name?: string): Promise<string>;
  /** Runs SQL as an administrator, with the server's own client. Gives what that prints: values, tabs between columns. */
  sql(text: string, database?: string): Promise<string>;
  /** Ends it at once, as a crash does. */
  kill(): Promise<void>;
  /** Starts it again, on the same port and with the same data. */
  start(): Promise<void>;
  /** Freezes it: connections stay, and nobody answers. */
  freeze(): Promise<void>;
  thaw(): Promise<void>;
}

/** How a server is started. */
export interface DatabaseServerOptions {
  /** Further arguments of the server. */
  readonly args?: readonly string[];
  /** Certificate and key, as files: the server then offers TLS. */
  readonly tls?: { readonly certFile: string; readonly keyFile: string };
}
