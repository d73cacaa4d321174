import type { ExchangeRecord } from '../exchange/exchange-record.ts';
import type { ClientTunnel } from './client-side.ts';
import type { TunnelEnd, UpstreamConnection } from './upstream-connection.ts';

/**
 * Bytes in both directions after a 101, each at the pace of its receiver. When one end closes its side the other is told
 * and may still finish what it says; the tunnel is over when both have, or when either is gone.
 */
export class Tunnel {
  /** What comes from the client. */
  readonly fromClient: TunnelEnd;
  readonly #record: ExchangeRecord;
  readonly #upstream: UpstreamConnection;
  readonly #onEnd: () => void;
  #client: ClientTunnel | undefined;
  #ends = 0;
  #over = false;
  #active = true;

  constructor(record: ExchangeRecord, upstream: UpstreamConnection, onEnd: () => void) {
    this.#record = record;
    this.#upstream = upstream;
    this.#onEnd = onEnd;
    this.fromClient = {
      onPeerBytes: (bytes) => this.#up(bytes),
      onPeerWritable: () => this.onClientWritable(),
      onPeerEnd: () => {
        upstream.end();
        this.#ended();
      },
      onPeerClosed: () => this.close(),
    };
  }

  /** Starts to pass bytes; `rest` is what the upstream sent right behind its 101. */
  open(client: ClientTunnel, rest: Buffer): void {
    this.#client = client;
    this.#upstream.passTo({
      onPeerBytes: (bytes) => this.#down(bytes),
      onPeerWritable: () => client.resume(),
      onPeerEnd: () => {
        client.end();
        this.#ended();
      },
      onPeerClosed: () => this.close(),
    });
    if (rest.length > 0) this.#down(rest);
  }

  /** The client took what was written: the upstream may go on. */
  onClientWritable(): void {
    this.#upstream.resume();
  }

  /** Whether nothing has passed since this was last asked. */
  idle(): boolean {
    const idle = !this.#active;
    this.#active = false;
    return idle;
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
    this.#active = true;
    this.#record.requestBytes += bytes.length;
    this.#upstream.writeBytes(bytes);
    if (this.#upstream.backedUp) this.#client?.pause();
  }

  #down(bytes: Buffer): void {
    this.#active = true;
    this.#record.responseBytes += bytes.length;
    const client = this.#client;
    if (client === undefined) return;
    client.write(bytes);
    if (client.backedUp) this.#upstream.pause();
  }

  /** Both ends have said their last: the sockets close by themselves when all has left. */
  #ended(): void {
    this.#ends += 1;
    if (this.#ends < 2 || this.#over) return;
    this.#over = true;
    this.#onEnd();
  }
}
