import type { ActiveRegistration, Clock } from '@flotilla/contracts';
import type { Health } from '../health/index.ts';
import type { Logger } from '../logger/index.ts';
import { bounded } from './bounded.ts';
import type { ProgramServer } from './definitions.ts';

/** What a stop takes down. */
export interface Running {
  readonly health: Health;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly server: ProgramServer;
  readonly registration: ActiveRegistration | undefined;
  readonly drains: readonly (() => Promise<void> | void)[];
  readonly closes: readonly (() => Promise<void> | void)[];
  /** How long new requests are still served once the program is not ready. Default 0. */
  readonly delayMs?: number;
  readonly drainTimeoutMs: number;
  /** Ends the delay and the drain before their time. Default: nothing does. */
  readonly hurry?: AbortSignal;
}

/** A registry that does not answer must not hold up a stop: the lease runs out by itself. */
const deregisterLimitMs = 2_000;
const closeLimitMs = 5_000;

/**
 * Takes a program down in order: not ready, deregister, wait for those that ask for readiness now and then, drain, close. Each step is bounded; what fails is logged and
 * nothing stops the rest.
 *
 * @returns how many steps did not succeed
 */
export async function stop(running: Running): Promise<number> {
  const { clock, logger } = running;
  let failures = 0;
  const step = async (name: string, limitMs: number, run: (signal: AbortSignal) => unknown): Promise<void> => {
    const result = await bounded(clock, limitMs, run);
    if (result.kind === 'done') return;
    failures++;
    const fields =
      result.kind === 'failed' ? { step: name, err: result.error } : { step: name, limitMs: result.limitMs };
    logger.warn(fields, result.kind === 'failed' ? 'a step of the stop failed' : 'a step of the stop took too long');
  };

  running.health.setState('draining');
  const { registration, server, hurry, delayMs = 0 } = running;
  // It begins now: what signing off takes is part of it.
  const delayed = delayMs > 0 ? wait(clock, delayMs, hurry) : undefined;
  if (registration !== undefined)
    await step('deregister', deregisterLimitMs, (signal) => registration.deregister(signal));
  if (delayed !== undefined) {
    logger.info({ delayMs }, 'not ready; new requests are served until the delay is over');
    await delayed;
  }
  for (const run of running.drains) await step('end long requests', closeLimitMs, run);
  // The server gets a little longer than its signal says, to give up by itself.
  await step('drain', running.drainTimeoutMs + 500, (signal) => {
    const limit = new AbortController();
    const timer = clock.after(running.drainTimeoutMs, () => limit.abort(new Error('The time to drain is over')));
    return server
      .drain(AbortSignal.any([signal, limit.signal, ...(hurry === undefined ? [] : [hurry])]))
      .finally(() => timer.cancel());
  });
  await step('close the server', closeLimitMs, () => server.close());
  for (const run of running.closes.toReversed()) await step('close', closeLimitMs, run);
  return failures;
}

/** Waits, but no longer than until `hurry` is aborted. */
function wait(clock: Clock, delayMs: number, hurry: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (hurry?.aborted === true) return resolve();
    const timer = clock.after(delayMs, resolve);
    hurry?.addEventListener('abort', () => {
      timer.cancel();
      resolve();
    });
  });
}
