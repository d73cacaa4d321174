import type { LimitedFailure } from '../../attempt/outcome.ts';
import type { EngineLimits } from '../../config/limits.ts';
import type { CountedPlace } from '../sides/incoming-request.ts';
import type { UpstreamSide } from '../sides/upstream-side.ts';

type Limits = Pick<EngineLimits, 'longLived' | 'longLivedPerClient'>;

/** Counts the exchanges that hold what they have for as long as they like: tunnels and server-sent events. */
export class LongLivedExchanges {
  readonly #limits: Limits;
  readonly #configured: Limits;
  readonly #perClient = new Map<string, number>();
  #size = 0;

  /** @param configured what those who are refused are told; `limits` is this process's share of it */
  constructor(limits: Limits, configured: Limits) {
    this.#limits = limits;
    this.#configured = configured;
  }

  get size(): number {
    return this.#size;
  }

  /** One more of `client` (undefined: not counted for anybody), or the limit it meets. */
  begin(client: string | undefined): LimitedFailure | undefined {
    if (this.#size >= this.#limits.longLived) return this.#refused('longLived');
    if (client !== undefined) {
      const count = this.#perClient.get(client) ?? 0;
      if (count >= this.#limits.longLivedPerClient) return this.#refused('longLivedPerClient');
      this.#perClient.set(client, count + 1);
    }
    this.#size += 1;
    return undefined;
  }

  /** One that {@link begin} has let in is over. */
  end(client: string | undefined): void {
    this.#size -= 1;
    if (client === undefined) return;
    const count = (this.#perClient.get(client) ?? 1) - 1;
    if (count === 0) this.#perClient.delete(client);
    else this.#perClient.set(client, count);
  }

  #refused(limit: keyof Limits): LimitedFailure {
    return { kind: 'limited', limit, most: this.#configured[limit] };
  }
}

/** What one exchange holds once it is long-lived: a place among such exchanges, and connections that are counted apart. */
export class LongLivedHold {
  readonly #all: LongLivedExchanges;
  readonly #client: string | undefined;
  readonly #place: CountedPlace;
  #held = false;

  /** @param place of its client's connection */
  constructor(all: LongLivedExchanges, client: string | undefined, place: CountedPlace) {
    this.#all = all;
    this.#client = client;
    this.#place = place;
  }

  /**
   * The exchange becomes long-lived, unless a limit forbids it.
   *
   * @param stream the one it has; undefined before it has one, whose connection then is long-lived from its beginning
   */
  begin(stream: UpstreamSide | undefined): LimitedFailure | undefined {
    const full = this.#all.begin(this.#client);
    if (full !== undefined) return full;
    const refused = stream?.holdLong();
    if (refused !== undefined) {
      this.#all.end(this.#client);
      return refused;
    }
    this.#held = true;
    this.#place.setLongLived(true);
    return undefined;
  }

  /** The exchange is over. */
  end(): void {
    if (!this.#held) return;
    this.#held = false;
    this.#all.end(this.#client);
    this.#place.setLongLived(false);
  }
}
