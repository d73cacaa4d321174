import type { KnownError } from '@flotilla/contracts';

/** Changes to the header fields of one direction: first `remove`, then `set`, then `add`. */
export interface FieldEditsConfig {
  /** Fields to remove, whatever their value. Default: none. */
  readonly remove?: readonly string[];
  /** Fields that get this single value, whatever they had before. Default: none. */
  readonly set?: Readonly<Record<string, string>>;
  /** Fields to add to those of the same name. Default: none. */
  readonly add?: Readonly<Record<string, string>>;
}

/**
 * Changes header fields. It cannot change the fields that frame a message or belong to a single connection, nor those
 * that the gateway writes itself (`Host`, `Via`, `X-Forwarded-For` and the like, the ids).
 */
export interface FieldsPolicyConfig {
  /** The kind of policy. */
  readonly kind: 'fields';
  /** Changes to requests on their way to the service; of an aggregate, to all its parts. Default: none. */
  readonly request?: FieldEditsConfig;
  /** Changes to all answers, including those of the gateway itself, such as errors. Default: none. */
  readonly answer?: FieldEditsConfig;
}

/**
 * Asks another service about each request before the request goes to its own service: with one GET, in which
 * `X-Forwarded-Method` and `X-Forwarded-Uri` say what the client asks for, and `X-Forwarded-For` and the like who the
 * client is. A 2xx lets the request through. Any other answer that is meant for the client (3xx, 4xx) goes to the
 * client with all its fields and its body; caches must not store it unless it says otherwise. If it names an address of
 * an instance, the client gets the path only. Failures are 5xx statuses, and those about how the gateway asked (304,
 * 405, 406 …).
 */
export interface AskPolicyConfig {
  /** The kind of policy. */
  readonly kind: 'ask';
  /** The registered name of the service to ask. */
  readonly service: string;
  /** The target path and query. */
  readonly target: string;
  /**
   * Which of the client's fields to send, besides those that say where the request comes from. Default Accept,
   * Accept-Language, Authorization, Cookie and User-Agent. Fields that describe the request's body are not possible.
   */
  readonly send?: readonly string[];
  /**
   * Which fields of a 2xx go on to the route's service. Fields that the client sends under these names are dropped,
   * even if the answer has none of them. Default: none.
   */
  readonly toService?: readonly string[];
  /** Which fields of a 2xx are added to the client's answer, such as Set-Cookie. Default: none. */
  readonly toClient?: readonly string[];
  /**
   * The error to answer with for a status, instead of what the service says; it must be of the same class. Default:
   * what the service says.
   */
  readonly errors?: Readonly<Record<number, KnownError>>;
  /**
   * How long the request waits for the answer, all attempts included. Default 2 000: it adds to what the client waits.
   */
  readonly timeoutMs?: number;
  /** The largest answer that is read into memory. Default 64 KiB. */
  readonly maxBodyBytes?: number;
  /**
   * What happens when the service cannot be asked or fails: `refuse` answers with 503, 502 or 504, `let-through` lets
   * the request through without `toService`. Default `refuse`: without an answer there is no consent.
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
