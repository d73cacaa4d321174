import type { ActiveRegistration, Clock } from '@flotilla/contracts';
import { bounded, pause, startDeadline } from '@flotilla/contracts/time';
import type { LogFields, Logger } from '../logger/index.ts';
import type { ServerSet } from './server-set.ts';

/** What a stop shuts down. */
export interface Running {
  readonly logger: Logger;
  readonly clock: Clock;
  readonly servers: ServerSet;
  readonly drains: readonly (() => Promise<void> | void)[];
  readonly closes: readonly (() => Promise<void> | void)[];
}

/** How to drain a program. */
export interface DrainOptions {
  /** The registration to end; undefined: none. */
  readonly registration: ActiveRegistration | undefined;
  /** How long to serve new requests once the program is not ready. */
  readonly delayMs: number;
  readonly drainTimeoutMs: number;
  /** Whether others serve in its place: operators should then reach those, too. */
  readonly replaced: boolean;
  /** Ends the delay and the drain early. */
  readonly hurry: AbortSignal;
}

/** A registry that does not answer must not hold up a stop: the lease expires anyway. */
const deregisterLimitMs = 2_000;
const closeLimitMs = 5_000;
/** Answers to operators are short; a connection that stays open longer is not waited for. */
const operatorsLimitMs = 1_000;

/**
 * Takes a program out of service, in order: deregister, wait for those that poll for readiness, drain. Each step has a time
 * limit; one that fails is logged and does not stop the others.
 *
 * @returns how many steps failed
 */
export async function drainProgram(running: Running, options: DrainOptions): Promise<number> {
  const { clock, logger, servers, drains } = running;
  const { registration, delayMs, drainTimeoutMs, hurry } = options;
  const steps = new Steps(clock, logger);
  // It begins now: the time for deregistering is part of it.
  const delayed = delayMs > 0 ? pause(clock, delayMs, hurry) : undefined;
  if (options.replaced) await closeOperators(steps, servers);
  if (registration !== undefined)
    await steps.run('deregister', deregisterLimitMs, (signal) => registration.deregister(signal));
  if (delayed !== undefined) {
    logger.info({ delayMs }, 'not ready; still serving new requests until the delay is over');
    await delayed;
  }
  for (const run of drains) await steps.run('end long requests', closeLimitMs, run);
  // A server gets a little more time than its signal, to give up by itself.
  const draining = servers.drains('callers').map(({ name, run }) => {
    const step = (): Promise<void> => {
      const deadline = startDeadline({ clock, afterMs: drainTimeoutMs, signal: hurry });
      return run(deadline.signal).finally(() => deadline.cancel());
    };
    return steps.run('drain', drainTimeoutMs + 500, step, { server: name });
  });
  await Promise.all(draining);
  return steps.failures;
}

/**
 * Closes what is left of a drained program: its servers, those of operators last, then what it opened, in reverse order. Time
 * limits apply as in a drain.
 *
 * @returns how many steps failed
 */
export async function closeProgram({ clock, logger, servers, closes }: Running): Promise<number> {
  const steps = new Steps(clock, logger);
  const closing = servers
    .closes('callers')
    .map(({ name, run }) => steps.run('close the server', closeLimitMs, run, { server: name }));
  await Promise.all(closing);
  await closeOperators(steps, servers);
  for (const run of closes.toReversed()) await steps.run('close', closeLimitMs, run);
  return steps.failures;
}

async function closeOperators(steps: Steps, servers: ServerSet): Promise<void> {
  for (const { run } of servers.drains('operators')) await steps.tolerate(operatorsLimitMs, run);
  for (const { name, run } of servers.closes('operators'))
    await steps.run('close the server', closeLimitMs, run, { server: name });
}

/** Runs steps with time limits, and counts those that failed. */
class Steps {
  failures = 0;
  readonly #clock: Clock;
  readonly #logger: Logger;

  constructor(clock: Clock, logger: Logger) {
    this.#clock = clock;
    this.#logger = logger;
  }

  /** `fields`: tells similar steps apart in the log. */
  async run(
    step: string,
    limitMs: number,
    run: (signal: AbortSignal) => unknown,
    fields: LogFields = {},
  ): Promise<void> {
    const result = await bounded(this.#clock, limitMs, run);
    if (result.kind === 'done') return;
    this.failures += 1;
    if (result.kind === 'failed') this.#logger.warn({ step, ...fields, err: result.error }, 'a shutdown step failed');
    else this.#logger.warn({ step, ...fields, limitMs: result.limitMs }, 'a shutdown step took too long');
  }

  /** Runs a step that may fail. */
  async tolerate(limitMs: number, run: (signal: AbortSignal) => unknown): Promise<void> {
    await bounded(this.#clock, limitMs, run);
  }
}
