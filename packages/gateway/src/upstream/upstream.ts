import type { ServiceInstance } from '@flotilla/contracts';
import type { Outcome } from '../attempt/outcome.ts';
import type { Candidate } from '../balance/balancer.ts';

/** What an engine keeps for an upstream (its connections). It is told when the upstream leaves the pool. */
export interface UpstreamSlot {
  /** The instance is gone from discovery: close idle connections now, the others when their exchange ends. */
  retire(): void;
}

/** How long an instance that failed is left alone, in milliseconds: doubled with each failure in a row. */
export interface SetAside {
  /** After the first failure. Default 250. */
  readonly firstMs: number;
  /** At most. Default 10 000: then an instance that came back is noticed within that time. */
  readonly longestMs: number;
}

export const defaultSetAside: SetAside = { firstMs: 250, longestMs: 10_000 };

/**
 * One instance of a service as the gateway sees it: where it is and how it has behaved. Survives changes of the
 * instance's record (weight, tags, status) as long as id, address and port stay.
 */
export class Upstream implements Candidate {
  readonly id: string;
  readonly service: string;
  readonly address: string;
  readonly port: number;
  /** `address:port`, an IPv6 address in brackets: what `Host` would say and logs show. */
  readonly authority: string;
  weight: number;
  /** Attempts going on. */
  inFlight = 0;
  /** Whether it has left the pool. Exchanges under way may finish. */
  retired = false;
  /** The engine's own; nobody else reads it. */
  slot: UpstreamSlot | undefined = undefined;
  #failuresInARow = 0;
  #setAsideUntilMs = Number.NEGATIVE_INFINITY;
  readonly #setAside: SetAside;

  constructor(instance: ServiceInstance, setAside: SetAside = defaultSetAside) {
    this.id = instance.id;
    this.service = instance.name;
    this.address = instance.address;
    this.port = instance.port;
    this.authority = `${instance.address.includes(':') ? `[${instance.address}]` : instance.address}:${instance.port}`;
    this.weight = instance.weight;
    this.#setAside = setAside;
  }

  /** False for a short while after a failure. When it is over one request may try; the others wait for how it ends. */
  isAvailable(nowMs: number): boolean {
    return nowMs >= this.#setAsideUntilMs;
  }

  /** Failures since the last response. */
  get failuresInARow(): number {
    return this.#failuresInARow;
  }

  /** An attempt begins. */
  begin(nowMs: number): void {
    this.inFlight++;
    // The one that probes an instance holds the others off for as long as the last failure did.
    if (this.#failuresInARow > 0) this.#setAsideUntilMs = nowMs + this.#backoffMs();
  }

  /** An attempt has ended. */
  end(outcome: Outcome, nowMs: number): void {
    this.inFlight--;
    switch (outcome.kind) {
      case 'response':
        this.#failuresInARow = 0;
        this.#setAsideUntilMs = Number.NEGATIVE_INFINITY;
        return;
      case 'reset':
        // A kept connection that dies before an answer was most likely closed as idle: the next connect tells.
        if (outcome.reused && !outcome.responseStarted) return;
        break;
      case 'refused':
      case 'invalid':
      case 'timeout':
        // The route's whole deadline can run out on a slow client or a large body: not the upstream's fault.
        if (outcome.kind === 'timeout' && outcome.phase === 'total') return;
        break;
      // Our own side's doing.
      case 'exhausted':
      case 'limited':
      case 'cancelled':
        return;
      default:
        outcome satisfies never;
    }
    this.#failuresInARow++;
    this.#setAsideUntilMs = nowMs + this.#backoffMs();
  }

  #backoffMs(): number {
    return Math.min(this.#setAside.longestMs, this.#setAside.firstMs * 2 ** Math.min(30, this.#failuresInARow - 1));
  }
}
