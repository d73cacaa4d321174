import {
  AppError,
  type Clock,
  type Discovery,
  type Endpoint,
  type ErrorKind,
  ForeseenError,
  isAppError,
} from '@flotilla/contracts';
import { startDeadline } from '@flotilla/contracts/time';
import type { Metrics } from '../telemetry/index.ts';
import { orderOfAttempts } from './attempt-order.ts';

/** What {@link createServiceCaller} needs. */
export interface ServiceCallerOptions {
  readonly discovery: Discovery;
  readonly clock: Clock;
  /** The service to call, by the name it registers under. */
  readonly service: string;
  /** The error of a call that no instance could answer: a 503 that the service's contract defines. */
  readonly unavailable: ErrorKind<never>;
  /** How long a call may take, with all attempts. Default 2000 ms: a person is waiting. */
  readonly deadlineMs?: number;
  /** How long one instance may take. Default 800 ms, so that one that hangs leaves time for another. */
  readonly attemptTimeoutMs?: number;
  /**
   * The maximum number of attempts. Default 3: more would make an overload worse. A service with one instance gets two, since
   * the first may have used a connection that was just being closed.
   */
  readonly maxAttempts?: number;
  /** When the caller should retry, for `Retry-After`. Default 1000 ms: instances come back within seconds. */
  readonly retryAfterMs?: number;
  /** Where to count how long attempts take. Default nowhere. */
  readonly metrics?: Metrics | undefined;
}

/** What an attempt passes on to the call that it makes. */
export interface AttemptLimits {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** The service, and how many attempts were made before: for spans. */
  readonly service: string;
  readonly resendCount: number;
}

/** One attempt: calls this endpoint, and gives up after `timeoutMs` or when `signal` is aborted. */
export type Attempt<T> = (endpoint: Endpoint, limits: AttemptLimits) => Promise<T>;

/** Calls one service, on whichever instance can answer. */
export interface ServiceCaller {
  /**
   * Runs `attempt` with one instance after another until one answers. A 4xx status is an answer; a 5xx status is a failure.
   * Only for requests that can safely be sent twice.
   *
   * @throws {AppError} the code given as `unavailable`, with `Retry-After`, when no instance is known or none answered
   */
  call<T>(attempt: Attempt<T>): Promise<T>;
  /** For a health check: throws, with the reason, while no instance is known. Sends nothing. */
  check(): void;
}

/** Creates a caller. It follows the service from now on, so that the first call need not wait for the registry. */
export function createServiceCaller(options: ServiceCallerOptions): ServiceCaller {
  const { discovery, clock, service } = options;
  const deadlineMs = options.deadlineMs ?? 2_000;
  const attemptTimeoutMs = options.attemptTimeoutMs ?? 800;
  const maxAttempts = options.maxAttempts ?? 3;
  let turn = 0;
  discovery.snapshot(service);

  const unavailable = (cause: unknown): AppError =>
    new AppError(options.unavailable, { cause, retryAfterMs: options.retryAfterMs ?? 1_000 });

  return {
    async call(attempt) {
      const deadline = startDeadline({ clock, afterMs: deadlineMs });
      try {
        let failure: unknown = new ForeseenError(`No instance of ${service} is registered`);
        turn += 1;
        const endpoints = (await candidates(deadline.signal, turn)).slice(0, maxAttempts);
        for (const [resendCount, endpoint] of endpoints.entries()) {
          const timeoutMs = Math.min(attemptTimeoutMs, deadline.leftMs());
          if (timeoutMs <= 0) break;
          try {
            return await attempt(endpoint, { timeoutMs, signal: deadline.signal, service, resendCount });
          } catch (error) {
            if (!isAppError(error) || error.status < 500) throw error;
            failure = error;
          }
        }
        throw unavailable(failure);
      } finally {
        deadline.cancel();
      }
    },
    check() {
      const { state, endpoints } = discovery.snapshot(service);
      if (endpoints.length > 0) return;
      throw new Error(
        state === 'unknown' ? 'the registry has not answered yet' : `no instance of ${service} is registered`,
      );
    },
  };

  async function candidates(signal: AbortSignal, startAt: number): Promise<readonly Endpoint[]> {
    const known = discovery.snapshot(service);
    if (known.state !== 'unknown') return orderOfAttempts(known.endpoints, startAt);
    try {
      return orderOfAttempts((await discovery.whenKnown(service, signal)).endpoints, startAt);
    } catch (error) {
      throw unavailable(error);
    }
  }
}
