import type { Socket } from 'node:net';
import { AppError, type Clock } from '@flotilla/contracts';
import type { Logger } from '@flotilla/kit/logger';
import type { Counter, Metrics } from '@flotilla/kit/telemetry';
import type { EngineLimits } from '../../config/limits.ts';
import type { LocalResponse } from '../../engine/local-response.ts';
import { AnswerWriter, type HttpDates } from './answer-writer.ts';
import type { ConnectionLimit } from './client-admission.ts';

/** A flood must not become a flood of log lines: one line tells of all since the one before. */
const logEveryMs = 10_000;

/** How many refusals may be on their way at once; the others are closed without a word. */
const mostAnswered = 64;
/** The same where descriptors are what is missing. */
const mostAnsweredOfFew = 8;
/** When a client may try again. */
const retryAfterMs = 1_000;

export interface RefusedConnectionsOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly dates: HttpDates;
  /** As configured. */
  readonly limits: EngineLimits;
  /** The answer to an error that belongs to no request. */
  problem(error: AppError): LocalResponse;
}

/** Answers connections beyond the limits: one short 503, and nothing is read. */
export class RefusedConnections {
  readonly #options: RefusedConnectionsOptions;
  readonly #refused: Readonly<Record<ConnectionLimit, Counter>>;
  readonly #told: Readonly<Record<ConnectionLimit, { since: number; againAtMs: number }>> = {
    connections: { since: 0, againAtMs: Number.NEGATIVE_INFINITY },
    connectionsPerClient: { since: 0, againAtMs: Number.NEGATIVE_INFINITY },
    openFiles: { since: 0, againAtMs: Number.NEGATIVE_INFINITY },
  };
  #answering = 0;

  constructor(options: RefusedConnectionsOptions) {
    this.#options = options;
    const family = options.metrics.counter({
      name: 'gateway_refused_connections_total',
      help: 'Client connections refused because of a limit, by limit.',
      labels: ['limit'],
    });
    this.#refused = {
      connections: family.labels('connections'),
      connectionsPerClient: family.labels('connections_per_client'),
      openFiles: family.labels('open_files'),
    };
  }

  /** @param speaksHttp false before a TLS handshake: then the connection is closed without a word */
  refuse(socket: Socket, limit: ConnectionLimit, speaksHttp: boolean): void {
    this.#refused[limit].inc();
    this.#log(limit, socket.remoteAddress);
    socket.on('error', () => undefined);
    // Each that is answered needs a descriptor for a moment.
    if (!speaksHttp || this.#answering >= (limit === 'openFiles' ? mostAnsweredOfFew : mostAnswered)) {
      socket.destroy();
      return;
    }
    this.#answering += 1;
    socket.once('close', () => {
      this.#answering -= 1;
    });
    const { status, headers, body } = this.#options.problem(this.#errorOf(limit));
    const bytes = Buffer.from(body);
    const writer = new AnswerWriter(socket, this.#options.dates);
    const head = { status, reasonPhrase: '', fields: headers, contentLength: bytes.length, hasBody: true };
    writer.head(head, true);
    writer.body(bytes, 0, bytes.length, false);
    writer.end([]);
    socket.destroySoon();
  }

  /** The system could not hand a connection over: it is lost. */
  lost(): void {
    this.#refused.openFiles.inc();
    this.#log('openFiles', undefined);
  }

  #errorOf(limit: ConnectionLimit): AppError {
    if (limit === 'openFiles') return new AppError('GATEWAY_EXHAUSTED', { retryAfterMs });
    const detail = `The gateway has reached its limit "${limit}" (${this.#options.limits[limit]}).`;
    return new AppError('OVERLOADED', { retryAfterMs, detail });
  }

  #log(limit: ConnectionLimit, client: string | undefined): void {
    const { clock, logger } = this.#options;
    const told = this.#told[limit];
    told.since += 1;
    const nowMs = clock.monotonicMs();
    if (nowMs < told.againAtMs) return;
    const why =
      limit === 'openFiles'
        ? 'no file descriptors left; allow more open files (ulimit -n, LimitNOFILE)'
        : 'a limit of the gateway is reached; see "limits" in its configuration';
    logger.warn({ limit, client, refused: told.since }, `connections refused: ${why}`);
    told.since = 0;
    told.againAtMs = nowMs + logEveryMs;
  }
}
