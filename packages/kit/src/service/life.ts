import { flushCompileCache } from 'node:module';
import { type ActiveRegistration, ForeseenError } from '@flotilla/contracts';
import { bounded, pause } from '@flotilla/contracts/time';
import type { OperatorsPage } from '../admin/index.ts';
import { type CommonSettings, type ConfigOf, ConfigurationError, type Settings } from '../config/index.ts';
import { exitCodes, type ProcessHost } from '../host/process-host.ts';
import { exitWhenWritten } from '../output/index.ts';
import { Announcing } from './announcing.ts';
import type { ProgramContext } from './definitions.ts';
import { createOperatorsServer } from './operators-server.ts';
import { livenessUrl, shownUrl } from './own-urls.ts';
import {
  advanceProgram,
  firstProgramState,
  healthStateOf,
  type ProgramAction,
  type ProgramEvent,
  type ProgramState,
} from './program-state.ts';
import type { Place } from './registration.ts';
import { type BoundServer, mainServerName, type PlacedServer, ServerSet } from './server-set.ts';
import { onStopRequest, toggleDebugOnSignal, watchForCrashes } from './signals.ts';
import type { Prepared } from './start-up.ts';
import { closeProgram, drainProgram } from './stop.ts';

/** The parts of a lifecycle in which services and programs differ. */
export interface Life {
  readonly name: string;
  /** Opens what the program needs and makes its servers for callers, one of them the main one. */
  create(): Promise<readonly PlacedServer[]>;
  /** Rejects if the program cannot start after all, because of what goes on while it already listens. Never resolves. */
  readonly broken?: Promise<never>;
  /** What operators can ask beside what every program tells them. */
  readonly operatorsPages?: readonly OperatorsPage[] | undefined;
  /** Announces the instance; undefined in a program that is not announced. */
  readonly register: ((where: Place) => ActiveRegistration) | undefined;
}

/** How often a starting program runs its own checks: callers wait for it. */
const readinessPollMs = 50;

/** How long a start-up step that is under way may take once the program is told to stop. */
const begunStepLimitMs = 2_000;

/** Runs a prepared program; see {@link runProgram}. Settles when it serves or has asked the host to exit. */
export function runPrepared<S extends Settings>(prepared: Prepared<S>, host: ProcessHost, life: Life): Promise<void> {
  return new ProgramLife(prepared, host, life).run();
}

/** Carries out what `program-state.ts` decides. */
class ProgramLife<S extends Settings> {
  readonly #prepared: Prepared<S>;
  readonly #context: ProgramContext<S>;
  readonly #config: ConfigOf<CommonSettings>;
  readonly #host: ProcessHost;
  readonly #life: Life;
  readonly #servers = new ServerSet();
  readonly #announcing: Announcing<S>;
  readonly #hurry = new AbortController();
  /** Aborted when the program is told to stop: start-up goes no further. */
  readonly #ended = new AbortController();
  readonly #settled = Promise.withResolvers<void>();
  #state: ProgramState = firstProgramState;
  /** The latest start-up step. */
  #begun: Promise<void> = Promise.resolve();
  #failures = 0;

  constructor(prepared: Prepared<S>, host: ProcessHost, life: Life) {
    this.#prepared = prepared;
    this.#context = prepared.context;
    this.#config = prepared.context.config;
    this.#host = host;
    this.#life = life;
    const { register } = life;
    this.#announcing = new Announcing({ prepared, host, register, ended: this.#ended.signal });
  }

  run(): Promise<void> {
    const { clock, logger } = this.#context;
    const { seat, levels } = this.#prepared;
    watchForCrashes(this.#host, logger);
    toggleDebugOnSignal(this.#host, levels);
    // The primary reloads on SIGHUP, so its workers ignore it.
    const hangup = seat.worker === undefined;
    const alone = (abandoned: () => void): void => this.#onAlone(abandoned);
    onStopRequest(this.#host, clock, logger, { hangup, alone }, () => this.#apply({ kind: 'stop' }));
    seat.onRetire(({ deregister, limitMs }) => this.#replaced({ deregister, limitMs }, 'successors have taken over'));
    this.#begin(() => this.#build());
    return this.#settled.promise;
  }

  #apply(event: ProgramEvent): void {
    const { state, action } = advanceProgram(this.#state, event);
    this.#state = state;
    this.#context.health.setState(healthStateOf(state));
    this.#act(action);
  }

  #act(action: ProgramAction): void {
    switch (action.kind) {
      case 'none':
        return;
      case 'warm-up':
        return this.#begin(() => this.#warmUp());
      case 'bind':
        return this.#begin(() => this.#bind());
      case 'await-checks':
        return this.#begin(() => this.#awaitChecks());
      case 'announce':
        return this.#begin(() => this.#announce());
      case 'drain':
        return void this.#drain(action);
      case 'hurry': {
        const end = (): void => this.#hurry.abort(new ForeseenError('The drain timeout is over'));
        return void this.#context.clock.after(this.#config.DRAIN_TIMEOUT_MS, end);
      }
      case 'close':
        return void this.#close();
      case 'exit':
        return this.#exit(action.code);
      default:
        action satisfies never;
    }
  }

  /** Runs a start-up step; if it fails, start-up ends. */
  #begin(step: () => Promise<void> | void): void {
    this.#begun = (async () => step())().catch((error: unknown) => this.#fail(error));
  }

  async #build(): Promise<void> {
    const { seat } = this.#prepared;
    const operators = await createOperatorsServer(this.#prepared, this.#life.operatorsPages ?? []);
    if (operators !== undefined) this.#servers.add([operators]);
    // If others serve, they answer operators too, until this process is as healthy as they are.
    const othersServe = seat.acceptAfterMs > 0;
    if (!othersServe) await this.#listen('operators');
    if (this.#ended.signal.aborted) return;
    this.#servers.add(await this.#life.create());
    this.#apply({ kind: 'built', othersServe });
  }

  /** Waits until the program is healthy, at most as long as its seat says: while others serve, it could only do worse. */
  async #warmUp(): Promise<void> {
    const { health, clock } = this.#context;
    const endMs = clock.monotonicMs() + this.#prepared.seat.acceptAfterMs;
    while (this.#state.kind === 'warming' && clock.monotonicMs() < endMs && !(await health.readiness()).ready)
      await this.#pause();
    this.#apply({ kind: 'warm' });
  }

  async #bind(): Promise<void> {
    await this.#listen('operators');
    await this.#listen('callers');
    if (this.#ended.signal.aborted) return;
    this.#apply({ kind: 'bound' });
  }

  async #listen(serves: PlacedServer['serves']): Promise<void> {
    for (const { name: server, at, host } of await this.#servers.listen(serves, this.#ended.signal)) {
      if (server === mainServerName) continue;
      const url = shownUrl(host, at.port);
      // A further server may use any protocol; that of operators uses HTTP.
      const where = serves === 'operators' ? { url } : { address: new URL(url).host };
      this.#context.logger.info({ server, ...where }, 'also listening');
    }
  }

  /** Logs that the program listens; waits for its checks, so that it is not announced before it can serve. */
  async #awaitChecks(): Promise<void> {
    const { health, logger } = this.#context;
    this.#prepared.seat.listening();
    let failure: { readonly error: unknown } | undefined;
    this.#life.broken?.catch((error: unknown) => {
      failure = { error };
    });
    let { ready, body } = await health.readiness();
    logger.info({ url: this.#url, ...(ready ? {} : { waitingFor: body.failing }) }, 'listening');
    while (!ready && this.#state.kind === 'listening') {
      await this.#pause();
      if (failure !== undefined) throw failure.error;
      ({ ready, body } = await health.readiness());
      if (ready) logger.info('ready');
    }
    this.#apply({ kind: 'well' });
  }

  #announce(): void {
    const { health, instance } = this.#context;
    const { seat } = this.#prepared;
    const config = this.#config;
    health.watch({
      // Central config may change it.
      get intervalMs() {
        return config.HEALTH_CHECK_INTERVAL_MS;
      },
      tell: (ready) => this.#announcing.report(ready),
    });
    seat.onLead(() => void this.#announcing.begin(this.#servers.bound));
    const kept = seat.sockets === undefined ? {} : { sockets: seat.sockets() };
    const live = livenessUrl(this.#main.at);
    this.#host.send?.({ type: 'ready', url: this.#url, instance, live, ...kept });
    // Saves compiled code for the next start, even if this process is killed. Does nothing without a compile cache.
    flushCompileCache();
    this.#settled.resolve();
  }

  /** The primary is gone. */
  #onAlone(abandoned: () => void): void {
    // Its retirement may allow hours; now that nobody can end it sooner, the limits of a stop apply.
    if (this.#ended.signal.aborted) return abandoned();
    const limitMs = this.#config.DRAIN_TIMEOUT_MS;
    const takenOver = (): void => this.#replaced({ deregister: false, limitMs }, 'others have taken over');
    void this.#prepared.seat.outlive({ takenOver, abandoned }).then((goesOn) => {
      if (goesOn) this.#context.logger.warn('the primary is gone; serving until another takes over');
    });
  }

  #replaced(how: { readonly deregister: boolean; readonly limitMs: number }, message: string): void {
    if (this.#ended.signal.aborted) return;
    this.#context.logger.info(message);
    this.#apply({ kind: 'replaced', ...how });
  }

  async #drain({ deregister, delay, limitMs, begun }: Extract<ProgramAction, { kind: 'drain' }>): Promise<void> {
    const { clock } = this.#context;
    this.#ended.abort();
    // The successor announces the instance under the same name.
    if (!deregister) this.#announcing.registration?.handOver();
    if (begun) await bounded(clock, begunStepLimitMs, () => this.#begun);
    this.#failures += await drainProgram(this.#running, {
      registration: deregister ? this.#announcing.registration : undefined,
      delayMs: delay ? this.#config.SHUTDOWN_DELAY_MS : 0,
      drainTimeoutMs: limitMs ?? this.#config.DRAIN_TIMEOUT_MS,
      replaced: this.#state.kind === 'draining' && this.#state.replaced,
      hurry: this.#hurry.signal,
    });
    this.#apply({ kind: 'drained' });
  }

  async #close(): Promise<void> {
    this.#failures += await closeProgram(this.#running);
    this.#context.logger.info({ failures: this.#failures }, 'stopped');
    await this.#prepared.seat.leave();
    this.#apply({ kind: 'closed' });
  }

  #fail(error: unknown): void {
    const { logger } = this.#context;
    if (this.#ended.signal.aborted) {
      logger.warn({ err: error }, 'a start-up step failed; stopping anyway');
      return;
    }
    const isMistake = error instanceof ConfigurationError;
    if (isMistake) this.#host.stderr.write(`${this.#life.name} cannot start: ${error.message}\n`);
    else logger.fatal({ err: error }, 'start-up failed');
    this.#apply({ kind: 'failed', code: isMistake ? exitCodes.configuration : exitCodes.crashed });
  }

  #exit(code: number): void {
    exitWhenWritten(this.#host, code);
    this.#settled.resolve();
  }

  get #running(): Parameters<typeof closeProgram>[0] {
    const { drains, closes } = this.#prepared;
    const { clock, logger } = this.#context;
    return { clock, logger, servers: this.#servers, drains, closes };
  }

  get #main(): BoundServer {
    const main = this.#servers.bound.find(({ name }) => name === mainServerName);
    if (main === undefined) throw new Error('The main server is not listening');
    return main;
  }

  /** The URL under which the user finds the program. */
  get #url(): string {
    return shownUrl(this.#config.ADVERTISE_ADDRESS ?? this.#config.SERVER_HOST, this.#main.at.port);
  }

  #pause(): Promise<void> {
    return pause(this.#context.clock, readinessPollMs, this.#ended.signal);
  }
}
