import type { Clock } from '@flotilla/contracts';
import type { ClientLoss, ExchangeRecord } from '../../exchange/exchange-record.ts';
import { clientResponseFields } from '../../headers/response-fields.ts';
import type { ClientSide } from '../sides/client-side.ts';
import type { ReceivedHead } from '../sides/response-sink.ts';
import type { TunnelEnd, TunnelSide } from '../sides/tunnel-side.ts';
import type { UpstreamSide } from '../sides/upstream-side.ts';

/**
 * Bytes in both directions after a 101, each at the pace of its receiver. When one end closes its side the other is told
 * and may still finish what it says. The tunnel is over when one end is gone, or, after both have said their last, when
 * both have taken what was said to them.
 */
export class Tunnel {
  readonly #record: ExchangeRecord;
  readonly #clock: Clock;
  readonly #onEnd: () => void;
  readonly #upstream: TunnelSide;
  #client: TunnelSide | undefined;
  #ends = 0;
  #closes = 0;
  #over = false;
  #lastMs: number;

  constructor(record: ExchangeRecord, stream: UpstreamSide, clock: Clock, onEnd: () => void) {
    this.#record = record;
    this.#clock = clock;
    this.#onEnd = onEnd;
    this.#lastMs = clock.monotonicMs();
    this.#upstream = stream.openTunnel({
      onPeerBytes: (bytes) => this.#down(bytes),
      onPeerWritable: () => this.#client?.resume(),
      onPeerEnd: () => {
        this.#ends += 1;
        this.#client?.end();
      },
      onPeerClosed: () => this.#onClosed(),
    });
  }

  /** Passes the 101 on, and then bytes; `rest` is what the upstream sent right behind it. */
  open(side: ClientSide, head: ReceivedHead, rest: Buffer): void {
    const record = this.#record;
    record.status = head.status;
    record.upstreamFirstByteAtMs = this.#lastMs;
    const fields = clientResponseFields(head, record.identity);
    fields.push('Connection', 'Upgrade', 'Upgrade', head.upgrade.join(', '));
    const fromClient: TunnelEnd = {
      onPeerBytes: (bytes) => this.#up(bytes),
      onPeerWritable: () => this.onClientWritable(),
      onPeerEnd: () => {
        this.#ends += 1;
        this.#upstream.end();
      },
      onPeerClosed: () => this.#onClosed(),
    };
    this.#client = side.switchProtocol(fields, fromClient);
    if (rest.length > 0) this.#down(rest);
  }

  /** The client took what was written: the upstream may go on. */
  onClientWritable(): void {
    this.#upstream.resume();
  }

  /** Ends both sides if nothing has come from either for `idleMs`; else says how long is left until then. */
  endIfQuiet(idleMs: number): number {
    const leftMs = this.#lastMs + idleMs - this.#clock.monotonicMs();
    if (leftMs > 0) return leftMs;
    this.#record.ending = 'idle';
    this.close();
    return 0;
  }

  /** The client's connection is gone. Leaving is how a tunnel ends; being cut is not. */
  onClientGone(loss: ClientLoss): void {
    if (loss !== 'client-gone') this.#record.ending = loss;
    this.close();
  }

  /** Ends both sides. */
  close(): void {
    if (this.#over) return;
    this.#over = true;
    this.#upstream.destroy();
    this.#client?.destroy();
    this.#onEnd();
  }

  #up(bytes: Buffer): void {
    this.#lastMs = this.#clock.monotonicMs();
    this.#record.requestBytes += bytes.length;
    this.#upstream.write(bytes);
    if (this.#upstream.backedUp) this.#client?.pause();
  }

  #down(bytes: Buffer): void {
    this.#lastMs = this.#clock.monotonicMs();
    this.#record.responseBytes += bytes.length;
    const client = this.#client;
    if (client === undefined) return;
    client.write(bytes);
    if (client.backedUp) this.#upstream.pause();
  }

  /** One socket is gone. After both have said their last the other may still have bytes to deliver. */
  #onClosed(): void {
    this.#closes += 1;
    if (this.#ends < 2 || this.#closes === 2) this.close();
  }
}
