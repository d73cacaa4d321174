import type { KnownError } from '@flotilla/contracts';

/** Changes of the header fields of one direction: first `remove`, then `set`, then `add`. */
export interface FieldEditsConfig {
  /** Fields that are taken out, whatever they say. Default: none. */
  readonly remove?: readonly string[];
  /** Fields that get this one value, whatever they had. Default: none. */
  readonly set?: Readonly<Record<string, string>>;
  /** Fields that are added beside those of the name. Default: none. */
  readonly add?: Readonly<Record<string, string>>;
}

/**
 * Changes header fields. What frames a message, what speaks of one connection, and what the gateway writes itself (`Host`,
 * `Via`, `X-Forwarded-For` and its like, the ids) can't be changed.
 */
export interface FieldsPolicyConfig {
  /** Which kind of policy it is. */
  readonly kind: 'fields';
  /** Of requests on their way to the service; of an aggregate, to all its parts. Default: none. */
  readonly request?: FieldEditsConfig;
  /** Of all answers, those too that the gateway makes itself, such as errors. Default: none. */
  readonly answer?: FieldEditsConfig;
}

/**
 * Asks another service about each request, before its own service gets any of it: one GET, in which `X-Forwarded-Method` and
 * `X-Forwarded-Uri` say what the client asks for, `X-Forwarded-For` and its like who it is. A 2xx lets the request through.
 * Any other answer that tells the client something (3xx, 4xx) is the client's, with all its fields and its body; it is
 * not to be stored unless it says otherwise. Of a place at one of its instances the client is told the path. Statuses of 500 and above, and those that find fault with how the gateway asked
 * (304, 405, 406 …), are failures.
 */
export interface AskPolicyConfig {
  /** Which kind of policy it is. */
  readonly kind: 'ask';
  /** The name in the registry. */
  readonly service: string;
  /** The path and query to ask for. */
  readonly target: string;
  /**
   * Which of the client's fields go along, beside those that say where the request comes from. Default Accept,
   * Accept-Language, Authorization, Cookie and User-Agent. Never those about the request's body.
   */
  readonly send?: readonly string[];
  /**
   * Which fields of a 2xx go on to the route's service. What the client sends under these names never does, also when the
   * answer has none of them. Default: none.
   */
  readonly toService?: readonly string[];
  /** Which fields of a 2xx are added to the client's answer, such as Set-Cookie. Default: none. */
  readonly toClient?: readonly string[];
  /** What to answer for a status instead of what the service says: an error of the same class. Default: what it says. */
  readonly errors?: Readonly<Record<number, KnownError>>;
  /** How long the request waits for it, with all attempts. Default 2 000: it adds to what the client waits for. */
  readonly timeoutMs?: number;
  /** The largest answer that is read into memory. Default 64 KiB. */
  readonly maxBodyBytes?: number;
  /**
   * What happens when it can't be asked or fails: `refuse` answers with 503, 502 or 504, `let-through` lets the request
   * through without `toService`. Default `refuse`: who is away can't have agreed.
   */
  readonly onFailure?: 'refuse' | 'let-through';
}

/** One step that requests of a route pass on their way up and answers on their way down. */
export type PolicyConfig = FieldsPolicyConfig | AskPolicyConfig;

/** What an `ask` has unless it says otherwise. */
export const askDefaults = {
  send: ['Accept', 'Accept-Language', 'Authorization', 'Cookie', 'User-Agent'],
  timeoutMs: 2_000,
  maxBodyBytes: 65_536,
  onFailure: 'refuse',
} as const;
