import { randomBytes } from 'node:crypto';
import { addressKind, type Clock, systemClock } from '@flotilla/contracts';
import type { RegistryUrls } from '@flotilla/contracts/registry-urls';
import { bounded } from '@flotilla/contracts/time';
import { type CentralFollower, RunningConfig } from '../central/index.ts';
import {
  announcement,
  type CommonSettings,
  type ConfigOf,
  commonSettings,
  describeConfig,
  describeSettings,
  readGivenConfig,
  resolveConfig,
  type Settings,
} from '../config/index.ts';
import type { Telemetry } from '../exporting/index.ts';
import { createHealth } from '../health/index.ts';
import { exitCodes, type ProcessHost } from '../host/process-host.ts';
import { LevelSwitch, type Logger } from '../logger/index.ts';
import { nearestName } from '../sources/index.ts';
import { createMetrics, idleTracer, type Metrics, processMetrics } from '../telemetry/index.ts';
import { keptSeat } from '../workers/lone-seat.ts';
import type { WorkerSeat } from '../workers/worker-seat.ts';
import { findAnnouncedAddress, ownNames } from './announced-address.ts';
import { type CreateCentral, readCentral } from './central-start.ts';
import type {
  Definition,
  MaybeDatabase,
  ProgramConfig,
  ProgramContext,
  ServerDeclaration,
  WorkerLimits,
} from './definitions.ts';
import { repeatedPort, settingsOfServers } from './further-servers.ts';
import { ownVersion } from './own-version.ts';
import { programLogger } from './program-logger.ts';
import { programStates } from './program-states.ts';
import { settingsOfDatabase } from './service-database.ts';
import type { FoundAddress } from './source-address.ts';
import { startProgramTelemetry, tapFor } from './telemetry-start.ts';

/** What a stop may take in addition to its delay and drain: deregistering, ending long requests, closing. */
const stopMarginMs = 5_000;

/** The parts of a definition that start-up needs. */
export interface Startable<S extends Settings> {
  readonly name: string;
  readonly defaultPort: number;
  readonly settings?: S;
  readonly registryUrls?: RegistryUrls | undefined;
  /** Set in programs that are announced: only they need an address. */
  readonly registrar?: unknown;
  readonly registration?: Definition<S, never>['registration'];
  readonly centralConfig?: CreateCentral | undefined;
  readonly servers?: Readonly<Record<string, ServerDeclaration>>;
  readonly database?: MaybeDatabase;
  readonly workerLimits?: (config: ProgramConfig<S>) => WorkerLimits;
}

/** A program whose config is loaded, before it builds anything of its own. */
export interface Prepared<S extends Settings> {
  readonly context: ProgramContext<S>;
  readonly seat: WorkerSeat;
  /** Of the program; undefined: nobody says it. */
  readonly version: string | undefined;
  /** Looks for the address to announce, if it was not known when the program started. */
  readonly findAddress: () => FoundAddress | Promise<FoundAddress>;
  /** The names by which the program is reached. */
  readonly ownNames: readonly string[];
  /** The log level. */
  readonly levels: LevelSwitch;
  /** The functions given to `onDrain` and `onClose`, in that order. */
  readonly drains: readonly (() => Promise<void> | void)[];
  readonly closes: readonly (() => Promise<void> | void)[];
}

/** A program that may start, or the code to exit with, in which case everything has been written. */
export type Preparation<S extends Settings> =
  | { readonly kind: 'start'; readonly prepared: Prepared<S> }
  | { readonly kind: 'exit'; readonly code: number };

/** How long start-up waits for a name server to resolve the registry's name. */
const addressLimitMs = 1_000;

/** What else {@link prepare} can use. */
export interface PrepareOptions {
  /** Default: the system's clock. */
  readonly clock?: Clock | undefined;
  /** Default: the process is alone. */
  readonly seat?: WorkerSeat | undefined;
  /** What to do while the program waits for central config: load code that it needs either way. */
  readonly meanwhile?: () => void;
}

/** All settings of a program. */
export function settingsOf<S extends Settings>(definition: Startable<S>, env: ProcessHost['env']): Settings {
  return {
    ...commonSettings(definition.defaultPort, definition.name, definition.registryUrls),
    ...settingsOfServers(definition.servers ?? {}),
    ...settingsOfDatabase(definition.database, env),
    ...definition.settings,
  };
}

/** Loads the config and builds what every program has. Handles `--help` and `--print-config`. */
export async function prepare<S extends Settings>(
  definition: Startable<S>,
  host: ProcessHost,
  { clock = systemClock, seat = keptSeat(host), meanwhile }: PrepareOptions = {},
): Promise<Preparation<S>> {
  const { name: program } = definition;
  const settings = settingsOf(definition, host.env);
  const given = readGivenConfig({ program, settings, env: host.env, argv: host.argv.slice(2) });
  if (given.asks === 'help') {
    host.stdout.write(describeSettings({ program, settings }));
    return { kind: 'exit', code: exitCodes.stopped };
  }
  const [word] = given.rest;
  if (word !== undefined) {
    const near = nearestName(word, definition.database === undefined ? [] : ['migrate']);
    const meant = near === undefined ? '' : ` Did you mean ${near}?`;
    host.stderr.write(
      `${program} cannot start: it has no argument "${word}".${meant} Run with --help to list all settings.\n`,
    );
    return { kind: 'exit', code: exitCodes.configuration };
  }
  const loaded = resolveConfig(given);
  // Central config may have what is missing.
  if (!loaded.ok && (loaded.missing === undefined || definition.centralConfig === undefined)) {
    host.stderr.write(loaded.message);
    return { kind: 'exit', code: exitCodes.configuration };
  }
  // Common settings are never missing: each has a default or may stay unset.
  const own = loaded.config as unknown as ConfigOf<CommonSettings>;
  const { registryUrls } = definition;
  const announced = definition.registrar === undefined ? undefined : announcement(own, registryUrls);
  if (announced?.kind === 'wrong') {
    host.stderr.write(`${program} cannot start: ${announced.message}\n`);
    return { kind: 'exit', code: exitCodes.configuration };
  }
  const repeated = repeatedPort(loaded.config, [
    'SERVER_PORT',
    'ADMIN_PORT',
    ...Object.keys(settingsOfServers(definition.servers ?? {})),
  ]);
  if (repeated !== undefined) {
    host.stderr.write(`${program} cannot start: ${repeated}\n`);
    return { kind: 'exit', code: exitCodes.configuration };
  }
  const findAddress = (): FoundAddress | Promise<FoundAddress> => findAnnouncedAddress(own, registryUrls);
  const address = announced === undefined ? undefined : await addressNow(findAddress, clock);
  const common = address === undefined ? own : { ...own, ADVERTISE_ADDRESS: address };
  const instance = instanceId(program, common, seat.instanceSeed);
  const tap = given.asks === undefined ? tapFor(common) : undefined;
  const level = given.asks === undefined ? common.LOG_LEVEL : 'silent';
  const logger = programLogger({ service: program, instance, level, config: common, host, seat, tap });
  const central = await readCentral({
    given,
    create: definition.centralConfig,
    start: { config: own, logger, clock },
    host,
    meanwhile,
  });
  if (central.kind === 'exit') return central;
  // The settings consist of exactly these two groups, which the compiler cannot see through the spread.
  const values = { ...central.values, ADVERTISE_ADDRESS: common.ADVERTISE_ADDRESS } as unknown as ConfigOf<Settings>;
  if (given.asks === 'print-config') {
    const sources = { ...central.sources };
    if (address !== undefined && sources['ADVERTISE_ADDRESS'] === 'unset') sources['ADVERTISE_ADDRESS'] = 'default';
    host.stdout.write(describeConfig({ settings, config: values, sources }));
    await central.follower?.close();
    return { kind: 'exit', code: exitCodes.stopped };
  }
  const running = new RunningConfig(given, values, central.sources);
  const config = running.config as unknown as ProgramConfig<S>;
  const names = ownNames(config, definition);
  logger.level = (config as ConfigOf<CommonSettings>).LOG_LEVEL;
  const metrics = createMetrics();
  const version = definition.registration?.metadata?.['version'] ?? ownVersion(host.argv[1]);
  const identity = { name: program, instance, version };
  const telemetry = await startProgramTelemetry(config, {
    ...{ program: identity, clock, logger, metrics, tap },
    collect: () => seat.collectMetrics(metrics),
    hasWorkers: seat.worker !== undefined,
    onLead: (run) => seat.onLead(run),
  });
  const parts = { program, running, follower: central.follower, logger, instance, version, metrics, telemetry };
  const prepared = { ...build<S>(parts, config, clock, seat), version, findAddress, ownNames: names };
  const {
    MAX_WORKERS,
    DRAIN_TIMEOUT_MS,
    SHUTDOWN_DELAY_MS,
    LOG_LEVEL,
    LOG_FORMAT,
    LOG_PROFILE,
  }: ConfigOf<CommonSettings> = config;
  const facts = {
    maxWorkers: MAX_WORKERS,
    stopLimitMs: SHUTDOWN_DELAY_MS + DRAIN_TIMEOUT_MS + stopMarginMs,
    ...(definition.workerLimits?.(config) ?? { retireTimeoutMs: DRAIN_TIMEOUT_MS, hangLimitMs: 0 }),
    service: program,
    instance: prepared.context.instance,
    logLevel: LOG_LEVEL,
    logFormat: LOG_FORMAT,
    logProfile: LOG_PROFILE,
  };
  seat.configured(facts);
  // The primary logs it for its workers.
  if (seat.worker === undefined) host.send?.({ type: 'configured', stopLimitMs: facts.stopLimitMs });
  return { kind: 'start', prepared };
}

/** The address to announce, if it is known by now; if not, the program looks again once it serves. */
async function addressNow(find: Prepared<Settings>['findAddress'], clock: Clock): Promise<string | undefined> {
  let address: string | undefined;
  await bounded(clock, addressLimitMs, async () => {
    const found = await find();
    if (found.kind === 'found') address = found.address;
  });
  return address;
}

interface Parts {
  readonly program: string;
  readonly running: RunningConfig<Settings>;
  readonly follower: CentralFollower | undefined;
  readonly logger: Logger;
  readonly instance: string;
  /** Undefined: it says none. */
  readonly version: string | undefined;
  readonly metrics: Metrics;
  /** Undefined: nothing is sent. */
  readonly telemetry: Telemetry | undefined;
}

function build<S extends Settings>(
  { program, running, follower, logger, instance, version, metrics, telemetry }: Parts,
  config: ProgramConfig<S>,
  clock: Clock,
  seat: WorkerSeat,
): Omit<Prepared<S>, 'version' | 'findAddress' | 'ownNames'> {
  const common: ConfigOf<CommonSettings> = config;
  processMetrics(metrics, { service: program, instance, version });
  seat.share(metrics);
  const levels = new LevelSwitch(logger, clock);
  seat.followLogLevel(levels);
  const drains: (() => Promise<void> | void)[] = [];
  const closes: (() => Promise<void> | void)[] = [];
  // The first to be added is the last to run: what closes before may still report.
  if (telemetry !== undefined) closes.push(() => telemetry.close());
  running.onSetting('LOG_LEVEL', () => seat.configureLogLevel(levels, common.LOG_LEVEL));
  if (follower !== undefined) {
    follower.run(running, logger, metrics);
    seat.onLead(() => follower.publish());
    closes.push(() => follower.close());
  }
  const context: ProgramContext<S> = {
    config,
    instance,
    logger,
    health: createHealth({ clock, logger }),
    metrics,
    tracer: telemetry?.tracer ?? idleTracer(),
    clock,
    workers: seat.workersOf(common.MAX_WORKERS),
    listen: (server, where) => seat.listen(server, where),
    renderMetrics: (accept) => seat.renderMetrics(metrics, accept),
    ...programStates(seat),
    // A setting of that name has the type that the program's config says.
    onSetting: (name, run) => running.onSetting(String(name), run as (value: unknown) => void),
    onDrain: (run) => void drains.push(run),
    onClose: (run) => void closes.push(run),
  };
  return { context, seat, levels, drains, closes };
}

/**
 * The same name, address and port mean the same instance, even after a restart; with a free port, or an address that is
 * not known yet, the id is a new one each time.
 */
function instanceId(program: string, config: ConfigOf<CommonSettings>, seed: string | undefined): string {
  if (config.INSTANCE_ID !== undefined) return config.INSTANCE_ID;
  const address = config.ADVERTISE_ADDRESS ?? config.SERVER_HOST;
  const known = config.ADVERTISE_ADDRESS !== undefined || addressKind(address) !== 'unspecified';
  const id = `${program}-${address}-${config.SERVER_PORT}`;
  return !known || config.SERVER_PORT === 0 || id.length > 128
    ? `${program}-${seed ?? randomBytes(6).toString('hex')}`
    : id;
}
