import type { IncomingMessage } from 'node:http';
import type { Clock } from '@flotilla/contracts';
import type { Metrics } from '@flotilla/kit/telemetry';
import { InstanceTexts } from './instance-texts.ts';
import type { CutOff, PacedStreamOptions } from './paced-stream.ts';
import { Turns } from './turns.ts';

/** How long answers are sent. */
export interface SendingOptions {
  readonly clock: Clock;
  /** A reader that takes nothing for so long, while there is something to take, is cut off, in milliseconds. Default 30 000. */
  readonly stalledAfterMs?: number;
  /**
   * A reader that needs longer than this for one list or one snapshot is cut off, in milliseconds. Default 120 000: 64 MB
   * over a line of 5 Mbit/s. Until then the registry has to keep what it has begun to send, however old.
   */
  readonly wholeWithinMs?: number;
  /** Where readers that were cut off are counted. Default: nowhere. */
  readonly metrics?: Metrics;
}

/** A request of the app's, as far as it matters here. */
export interface Asked {
  readonly raw: Pick<IncomingMessage, 'socket'>;
  readonly ip: string;
  readonly log: { warn(fields: object, message: string): void };
}

/** What a long answer is. */
type Kind = 'watch' | 'list';

/** What all long answers of one registry share: the texts of its instances, and the turns in which they are sent. */
export class Sending {
  readonly clock: Clock;
  readonly texts: InstanceTexts = new InstanceTexts();
  readonly #turns: Turns;
  readonly #options: SendingOptions;
  readonly #count: (kind: Kind, why: CutOff) => void;

  constructor(options: SendingOptions) {
    this.#turns = new Turns(options.clock);
    this.#options = options;
    this.clock = options.clock;
    const counter = options.metrics?.counter({
      name: 'registry_readers_cut_off_total',
      help: 'Readers of watches and long lists that were cut off because they did not read, or read too slowly.',
      labels: ['kind', 'reason'],
    });
    this.#count = (kind, why) => counter?.labels(kind, why).inc();
  }

  /** How the answer to a request is sent. */
  paced(request: Asked, kind: Kind): PacedStreamOptions {
    const { clock, stalledAfterMs = 30_000, wholeWithinMs = 120_000 } = this.#options;
    return {
      clock,
      turns: this.#turns,
      sink: request.raw.socket,
      stalledAfterMs,
      wholeWithinMs,
      onCutOff: (reason) => {
        this.#count(kind, reason);
        request.log.warn({ kind, reason, client: request.ip }, 'reader cut off: it does not read, or reads too slowly');
      },
    };
  }
}
