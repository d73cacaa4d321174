import type { ResponseHead } from '@flotilla/http1';
import type { LimitedFailure } from '../../attempt/outcome.ts';
import { countedClient } from '../../headers/counted-client.ts';
import { headerValue } from '../../headers/header-list.ts';
import type { IncomingRequest } from '../sides/incoming-request.ts';
import type { UpstreamConnection } from '../upstream/upstream-connection.ts';
import type { EngineParts } from './engine-parts.ts';

/** What one exchange holds once it is long-lived: a place among such exchanges, and connections that are counted apart. */
export class LongLivedHold {
  readonly #parts: EngineParts;
  readonly #incoming: IncomingRequest;
  readonly #client: string | undefined;
  #held = false;

  constructor(parts: EngineParts, incoming: IncomingRequest) {
    this.#parts = parts;
    this.#incoming = incoming;
    this.#client = countedClient(incoming.head, parts.forwarding.trusted);
  }

  /**
   * The exchange becomes long-lived, unless a limit forbids it.
   *
   * @param connection the one it has; undefined before it has one, which then is long-lived from its beginning
   */
  begin(connection: UpstreamConnection | undefined): LimitedFailure | undefined {
    const { connectionsTo, longLived } = this.#parts;
    const refused =
      longLived.begin(this.#client) ??
      (connection === undefined ? undefined : this.#holdConnection(connectionsTo(connection.upstream), connection));
    if (refused !== undefined) return refused;
    this.#held = true;
    this.#incoming.connection.place.setLongLived(true);
    return undefined;
  }

  /** The exchange is over. */
  end(): void {
    if (!this.#held) return;
    this.#held = false;
    this.#parts.longLived.end(this.#client);
    this.#incoming.connection.place.setLongLived(false);
  }

  #holdConnection(
    connections: ReturnType<EngineParts['connectionsTo']>,
    connection: UpstreamConnection,
  ): LimitedFailure | undefined {
    const refused = connections.holdLong(connection);
    if (refused !== undefined) this.#parts.longLived.end(this.#client);
    return refused;
  }
}

/** Whether an answer is a stream of server-sent events, which goes on for as long as its client listens. */
export function isEventStream(head: ResponseHead): boolean {
  if (head.framing === 'length' || head.framing === 'none') return false;
  const type = headerValue(head.fields, 'content-type');
  return type !== undefined && /^text\/event-stream\s*(?:;|$)/i.test(type);
}
