import type { Clock, Logger } from '@flotilla/contracts';
import { pause, startDeadline } from '@flotilla/contracts/time';
import type { TelemetrySignal } from '../config/index.ts';
import type { Counter, Metrics } from '../telemetry/index.ts';
import { rejectedBy } from './partial-success.ts';
import type { Post, PostResult } from './post.ts';

/** What {@link OtlpSender} needs. */
interface OtlpSenderOptions {
  readonly signal: TelemetrySignal;
  readonly post: Post;
  /** Where messages go, for the log. */
  readonly url: string;
  /** For a message, with all attempts. */
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** 0 to below 1. Default `Math.random`. */
  readonly random?: () => number;
}

/** Waits between attempts double up to this; programs that lost the same receiver spread theirs. */
const firstPauseMs = 1_000;
const maxPauseMs = 5_000;

/** Sends messages of one signal, again where that can help. It counts what is lost, and logs an outage once. */
export class OtlpSender {
  readonly #options: OtlpSenderOptions;
  readonly #sent: Counter;
  readonly #dropped: Counter;
  /** Aborted when there is no time left for further attempts. */
  readonly #hurry = new AbortController();
  /** How many were dropped since it last worked; undefined: it works. */
  #outage: number | undefined;

  constructor(options: OtlpSenderOptions) {
    this.#options = options;
    const { metrics, signal } = options;
    const labels = ['signal'];
    this.#sent = metrics
      .counter({ name: 'otel_exporter_sent_total', help: 'Spans, metric points and log records sent by OTLP.', labels })
      .labels(signal);
    this.#dropped = metrics
      .counter({
        name: 'otel_exporter_dropped_total',
        help: 'Spans, metric points and log records that were not sent by OTLP, because the receiver did not take them.',
        labels,
      })
      .labels(signal);
  }

  get encoding(): Post['encoding'] {
    return this.#options.post.encoding;
  }

  /** Counts items that were never handed to it. */
  dropped(count: number): void {
    this.#dropped.inc(count);
    if (this.#outage !== undefined) this.#outage += count;
  }

  /** Sends a message with `count` items, until it is sent, the time is over, or `signal` aborts. Never rejects. */
  async send(message: Buffer, count: number, signal: AbortSignal): Promise<void> {
    const result = await this.#attempts(message, signal);
    if (result.kind === 'failed') return this.#failed(result.reason, count);
    const { rejected, reason } = rejectedBy(result.answer, this.encoding, this.#options.signal);
    this.#sent.inc(Math.max(0, count - rejected));
    this.#works();
    if (rejected <= 0) return;
    this.dropped(rejected);
    const { logger, signal: name, url } = this.#options;
    logger.debug({ signal: name, url, rejected, reason }, 'the receiver did not take everything');
  }

  /** The program stops: what fails from now on, or has failed and waits, is not tried again. */
  hasten(): void {
    this.#hurry.abort();
  }

  close(): void {
    this.#options.post.close();
  }

  async #attempts(message: Buffer, signal: AbortSignal): Promise<PostResult> {
    const { clock, timeoutMs, random = Math.random } = this.#options;
    const endsAtMs = clock.monotonicMs() + timeoutMs;
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, maxPauseMs)) {
      const leftMs = endsAtMs - clock.monotonicMs();
      const result = await this.#attempt(message, leftMs, signal);
      if (result.kind === 'sent' || !result.retry || signal.aborted) return result;
      const waitMs = result.afterMs ?? pauseMs * (0.5 + random() / 2);
      // While it is known to be away, one attempt for each message is enough.
      const hopeless = this.#outage !== undefined || this.#hurry.signal.aborted;
      if (hopeless || clock.monotonicMs() + waitMs >= endsAtMs) return result;
      await pause(clock, waitMs, this.#hurry.signal);
      if (signal.aborted || this.#hurry.signal.aborted) return result;
    }
  }

  async #attempt(message: Buffer, leftMs: number, signal: AbortSignal): Promise<PostResult> {
    const { post, clock } = this.#options;
    const deadline = startDeadline({ clock, afterMs: leftMs, signal });
    const result = await post.send(message, deadline.signal);
    deadline.cancel();
    if (result.kind === 'sent' || !deadline.exceeded) return result;
    return { kind: 'failed', retry: false, reason: `no answer within ${Math.round(leftMs)} ms` };
  }

  #failed(reason: string, count: number): void {
    const { logger, signal, url } = this.#options;
    if (this.#outage === undefined)
      logger.warn({ signal, url, reason }, `cannot send ${signal}; they are dropped until that works again`);
    this.#outage ??= 0;
    this.dropped(count);
  }

  #works(): void {
    if (this.#outage === undefined) return;
    const { logger, signal, url } = this.#options;
    logger.info({ signal, url, dropped: this.#outage }, `${signal} are sent again`);
    this.#outage = undefined;
  }
}
