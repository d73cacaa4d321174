import type { Access, Right } from '../access/access.ts';

/** Who asks for a write, for the audit trail and for the log. */
export interface Actor {
  /** By which API; `registry`: the registry itself, as when a lease runs out. */
  readonly via: 'api' | 'consul' | 'eureka' | 'registry';
  /** The address that the request came from. */
  readonly client?: string | undefined;
  /** The name of the access token that was shown; never the token. */
  readonly accessor?: string | undefined;
  /** What it may do. Default: everything. */
  readonly access?: Pick<Access, 'require'> | undefined;
}

/**
 * Lets only those go on who may. For the APIs whose requests do not say by their path what they change.
 *
 * @throws {AppError} FORBIDDEN
 */
export function requireRight(actor: Actor | undefined, right: Right): void {
  actor?.access?.require(right);
}
