import type { LimitedFailure } from '../../attempt/outcome.ts';
import { countedClient } from '../../headers/client-address.ts';
import type { IncomingRequest } from '../sides/incoming-request.ts';
import type { UpstreamSide } from '../sides/upstream-side.ts';
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
   * @param stream the one it has; undefined before it has one, whose connection then is long-lived from its beginning
   */
  begin(stream: UpstreamSide | undefined): LimitedFailure | undefined {
    const { longLived } = this.#parts;
    const full = longLived.begin(this.#client);
    if (full !== undefined) return full;
    const refused = stream?.holdLong();
    if (refused !== undefined) {
      longLived.end(this.#client);
      return refused;
    }
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
}
