import { type Clock, systemClock, type Timer } from '@flotilla/contracts';
import type { Logger } from '../logger/index.ts';
import { type Check, type CheckResult, type CheckRunner, createCheckRunner } from './check-runner.ts';

/**
 * The state of the process. `replaced`: it finishes what it has begun, and successors serve under the same address; so the
 * program is still ready, whichever of its processes a probe reaches on a kept-alive connection.
 */
export type LifeState = 'starting' | 'ready' | 'replaced' | 'draining';

/**
 * Which of the common paths a port serves: `callers` need `/health`, `/ready` and a plain `/livez`; `all` adds those for
 * operators: `/readyz`, the details of the probes, and `/metrics`.
 */
export type OwnAddresses = 'all' | 'callers';

/** The answer of `/health`. */
export interface HealthReport {
  readonly status: 'healthy';
  /** RFC 3339, UTC. */
  readonly timestamp: string;
}

/** The answer of `/ready`. */
export interface ReadinessReport {
  readonly status: 'ready' | 'not_ready';
  readonly timestamp: string;
  /** Each check by name: `ok`, `failed` or `timeout`. */
  readonly services: Readonly<Record<string, CheckResult>>;
  /** If it is not ready, why: the names of the failed checks, or the program's state. */
  readonly failing?: readonly string[];
}

/** One line of the verbose form of `/readyz` and `/livez`. */
export interface ProbeLine {
  readonly name: string;
  readonly result: CheckResult | 'excluded';
}

/** A program's health. */
export interface Health {
  /** Adds a check. Throws if its name is taken. */
  addCheck(check: Check): void;
  setState(state: LifeState): void;
  readonly state: LifeState;
  /** Whether the state allows traffic; the checks may still forbid it. */
  readonly serving: boolean;
  /** Whether the program no longer takes new connections. */
  readonly ending: boolean;
  /** Reports that the process works. Checks nothing else. */
  healthReport(): HealthReport;
  /**
   * Runs the checks on a timer from now on. Probes are then answered from the latest results, however often they come, and a
   * check that hangs delays no answer. Ends when the program drains.
   */
  watch(options: HealthWatchOptions): void;
  /** Calls `listener` whenever what {@link readiness} says may have changed. Returns a function that stops it. */
  onChange(listener: () => void): () => void;
  /** Reports whether traffic may come, by the latest results of the checks or, before {@link watch}, by running them. Never rejects. */
  readiness(exclude?: ReadonlySet<string>): Promise<{ readonly ready: boolean; readonly body: ReadinessReport }>;
  /** The same as {@link readiness}, line by line, for the verbose form. */
  readinessLines(
    exclude?: ReadonlySet<string>,
  ): Promise<{ readonly ready: boolean; readonly lines: readonly ProbeLine[] }>;
  /** The liveness report. It never involves a dependency: restarting a program does not repair its database. */
  livenessLines(exclude?: ReadonlySet<string>): { readonly alive: boolean; readonly lines: readonly ProbeLine[] };
}

/** Options of {@link Health.watch}. */
export interface HealthWatchOptions {
  /**
   * Time from the end of one round of checks to the next, varied by up to a tenth, so that programs do not check in step. It is
   * read after each round, so it may change.
   */
  readonly intervalMs: number;
  /** Told whether traffic may come, after the first round and at each change. */
  readonly tell: (ready: boolean) => void;
  /** Returns a number from 0 to below 1; default `Math.random`. */
  readonly random?: () => number;
}

/** What {@link createHealth} needs. */
export interface HealthOptions {
  readonly clock?: Clock;
  readonly logger?: Pick<Logger, 'warn' | 'info'>;
}

/** How long a check that has never passed counts as starting: what it needs may be starting too. */
const startingLimitMs = 10_000;

/** Creates a program's health, in the state `starting`. */
export function createHealth(options: HealthOptions = {}): Health {
  const clock = options.clock ?? systemClock;
  const runners = new Map<string, CheckRunner>();
  let state: LifeState = 'starting';
  const createdMs = clock.monotonicMs();
  let watched = false;
  let wait: Timer | undefined;
  const listeners = new Set<() => void>();
  const changed = (): void => {
    for (const listener of listeners) listener();
  };
  const starting = (): boolean => clock.monotonicMs() - createdMs < startingLimitMs;

  async function resultOf(runner: CheckRunner): Promise<CheckResult> {
    return (watched ? runner.latest : undefined) ?? runner.result();
  }

  const isEnding = (): boolean => state === 'draining' || state === 'replaced';
  const mayServe = (): boolean => state === 'ready' || state === 'replaced';

  async function watch(options: HealthWatchOptions): Promise<void> {
    const { tell, random = Math.random } = options;
    watched = true;
    let told: boolean | undefined;
    while (!isEnding()) {
      await Promise.all([...runners.values()].map((runner) => runner.refresh()));
      const { ready } = await readinessLines();
      // Meanwhile it may have begun to drain, which deregistering reports.
      if (isEnding()) return;
      if (ready !== told) {
        tell(ready);
        changed();
      }
      told = ready;
      await new Promise<void>((resolve) => {
        wait = clock.after(options.intervalMs * (0.9 + 0.2 * random()), resolve);
      });
    }
  }

  async function readinessLines(
    exclude: ReadonlySet<string> = new Set(),
  ): Promise<{ ready: boolean; lines: ProbeLine[] }> {
    const results = await Promise.all(
      [...runners.values()].map(async (runner) => (exclude.has(runner.name) ? undefined : resultOf(runner))),
    );
    const lines: ProbeLine[] = [...runners.values()].map(({ name }, index) => ({
      name,
      result: results[index] ?? 'excluded',
    }));
    const failed = [...runners.values()].some(
      ({ critical }, index) => critical && results[index] !== undefined && results[index] !== 'ok',
    );
    const ready = mayServe() && !failed;
    return { ready, lines };
  }

  return {
    addCheck(check) {
      if (runners.has(check.name)) throw new Error(`There is already a health check named "${check.name}"`);
      runners.set(check.name, createCheckRunner(check, { clock, logger: options.logger, starting }));
    },
    setState(next) {
      state = next;
      if (isEnding()) wait?.cancel();
      changed();
    },
    onChange(listener) {
      // Each call is one of its own, also with the same function.
      const own = (): void => listener();
      listeners.add(own);
      return () => void listeners.delete(own);
    },
    watch: (watchOptions) => void watch(watchOptions),
    get state() {
      return state;
    },
    get serving() {
      return mayServe();
    },
    get ending() {
      return isEnding();
    },
    healthReport: () => ({ status: 'healthy', timestamp: new Date(clock.now()).toISOString() }),
    readinessLines,
    async readiness(exclude) {
      const { ready, lines } = await readinessLines(exclude);
      const services: Record<string, CheckResult> = {};
      for (const { name, result } of lines) if (result !== 'excluded') services[name] = result;
      const failing = Object.keys(services).filter((name) => services[name] !== 'ok' && runners.get(name)?.critical);
      if (!mayServe()) failing.unshift(state);
      const timestamp = new Date(clock.now()).toISOString();
      const status = ready ? 'ready' : 'not_ready';
      return { ready, body: { status, timestamp, services, ...(ready ? {} : { failing }) } };
    },
    livenessLines: (exclude = new Set()) => ({
      alive: true,
      lines: [{ name: 'process', result: exclude.has('process') ? 'excluded' : 'ok' }],
    }),
  };
}
