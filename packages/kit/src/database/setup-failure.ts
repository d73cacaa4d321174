/**
 * Why a database cannot be used, as far as its driver tells. Each is one thing that somebody has to do; the first two may also
 * pass by themselves.
 */
export type SetupFailure =
  /** Nobody answers at the address, or the name of the host is unknown. */
  | 'unreachable'
  /** The server answers, and cannot serve now: it starts, stops, recovers, or has no connection left. */
  | 'unready'
  /** The server does not know the user, or not with this password. */
  | 'password'
  /** The server refuses this user, host or database, whatever the password: no rule of its configuration allows it. */
  | 'refused'
  /** The database does not exist. */
  | 'missing-database'
  /** The URL asks for TLS, and the server offers none. */
  | 'tls-missing'
  /** The server wants TLS, and the URL asks for none. */
  | 'tls-required'
  /** The server's certificate is not one of `sslrootcert` or of the system's authorities. */
  | 'tls-untrusted'
  /** The server's certificate is for another name. */
  | 'tls-name'
  /** The file of `sslrootcert` cannot be read. */
  | 'tls-file'
  /** The user may read, and not write: a replica, or a read-only transaction, file or disk. */
  | 'read-only'
  /** The user lacks a right, such as that to create tables. */
  | 'forbidden'
  /** The server has another encoding than UTF-8, or is too old. */
  | 'unsupported'
  /** What answers is no server of this kind. */
  | 'other-server';
