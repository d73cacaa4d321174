/** Who asks for a write, for the audit trail and for the log. */
export interface Actor {
  /** By which API; `registry`: the registry itself, as when a lease runs out. */
  readonly via: 'api' | 'consul' | 'eureka' | 'registry';
  /** The address that the request came from. */
  readonly client?: string | undefined;
  /** The name of the access token that was shown; never the token. */
  readonly accessor?: string | undefined;
}
