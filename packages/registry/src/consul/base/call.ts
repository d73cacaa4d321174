import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { RequestAccess, Sender } from '../../admission/request-access.ts';
import type { Actor } from '../../write/actor.ts';
import type { Parameters } from './query-options.ts';

/** A request of the app's, as far as it matters here. */
export interface Asked {
  readonly method: string;
  readonly url: string;
  readonly query: unknown;
  readonly params: unknown;
  readonly body: unknown;
  readonly ip: string;
  readonly headers: IncomingHttpHeaders;
  readonly raw: IncomingMessage;
  readonly log: Sender['log'];
}

/** A reply of the app's, as far as it matters here. */
export interface Replying {
  readonly raw: ServerResponse;
  code(status: number): this;
  headers(values: Readonly<Record<string, string>>): this;
  serializer(serialize: (body: string) => string): this;
  send(body: Buffer | string | undefined): this;
}

/** One request, as the routes see it. */
export interface Call {
  readonly request: Asked;
  readonly parameters: Parameters;
  /** What comes after the path of the route, decoded: a name, an id, a key. Empty if nothing does. */
  readonly rest: string;
  readonly access: RequestAccess;
}

/** Who calls, for the audit trail and the limits. */
export function actorOf({ request, access }: Call): Actor {
  return access.actorOf(request, 'consul');
}
