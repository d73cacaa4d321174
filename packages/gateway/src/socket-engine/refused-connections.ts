import type { Socket } from 'node:net';
import { AppError, type Clock } from '@flotilla/contracts';
import type { Logger } from '@flotilla/kit/logger';
import type { Counter, Metrics } from '@flotilla/kit/telemetry';
import type { EngineLimits } from '../config/limits.ts';
import type { LocalResponse } from '../engine/engine.ts';
import { AnswerWriter, type HttpDates } from './answer-writer.ts';
import type { ConnectionLimit } from './client-admission.ts';

/** A flood must not become a flood of log lines: one line tells of all since the one before. */
const logEveryMs = 10_000;

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
  #sinceLog = 0;
  #logAgainAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: RefusedConnectionsOptions) {
    this.#options = options;
    const family = options.metrics.counter({
      name: 'gateway_refused_connections_total',
      help: 'Connections of clients beyond a limit, by the limit.',
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
    if (!speaksHttp) {
      socket.destroy();
      return;
    }
    const { status, headers, body } = this.#options.problem(this.#errorOf(limit));
    const bytes = Buffer.from(body);
    const writer = new AnswerWriter(socket, this.#options.dates);
    const head = { status, reasonPhrase: '', fields: headers, contentLength: bytes.length, hasBody: true };
    writer.head(head, true);
    writer.body(bytes, 0, bytes.length, false);
    writer.end([]);
    socket.destroySoon();
  }

  #errorOf(limit: ConnectionLimit): AppError {
    if (limit === 'openFiles') return new AppError('GATEWAY_EXHAUSTED', { retryAfterMs });
    const detail = `The gateway's limit "${limit}" (${this.#options.limits[limit]}) is reached.`;
    return new AppError('OVERLOADED', { retryAfterMs, detail });
  }

  #log(limit: ConnectionLimit, client: string | undefined): void {
    const { clock, logger } = this.#options;
    this.#sinceLog += 1;
    const nowMs = clock.monotonicMs();
    if (nowMs < this.#logAgainAtMs) return;
    const fields = { limit, client, refused: this.#sinceLog };
    logger.warn(
      fields,
      'connections were refused: a limit of the gateway is reached, see "limits" in its configuration',
    );
    this.#sinceLog = 0;
    this.#logAgainAtMs = nowMs + logEveryMs;
  }
}
