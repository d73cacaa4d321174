import type { Clock, ErrorKind, FieldKind, Registrar, Registration } from '@flotilla/contracts';
import type { RegistryUrls } from '@flotilla/contracts/registry-urls';
import type { CommonSettings, ConfigOf, Settings } from '../config/index.ts';
import type { Health } from '../health/index.ts';
import type { HttpApp } from '../http/index.ts';
import type { Logger } from '../logger/index.ts';
import type { Metrics, RenderMetrics } from '../telemetry/index.ts';
import type { Listen } from '../workers/worker-seat.ts';

/** The values of the common settings and of a program's own. */
export type ProgramConfig<S extends Settings> = ConfigOf<CommonSettings> & ConfigOf<S>;

/** What every program is given to build itself from. */
export interface ProgramContext<S extends Settings = Settings> {
  readonly config: ProgramConfig<S>;
  /** This instance's id: in logs, metrics and the registry. */
  readonly instance: string;
  readonly logger: Logger;
  readonly health: Health;
  readonly metrics: Metrics;
  readonly clock: Clock;
  /** How many processes serve together, this one included: each has its share of what is limited for the program. */
  readonly workers: number;
  /** Makes a server of the program listen. Use it for every one: workers share their sockets through it. */
  readonly listen: Listen;
  /** Shows the metrics of the whole program: those of all workers where it has several. Never rejects. */
  readonly renderMetrics: RenderMetrics;
  /** Runs when the program is told to stop, before requests are drained: end here what would never end by itself. */
  onDrain(run: () => Promise<void> | void): void;
  /** Runs after the last request, the last added first; each for at most 5 s. Close databases here. */
  onClose(run: () => Promise<void> | void): void;
}

/** What a service is given: the same, and its HTTP app. */
export interface ServiceContext<S extends Settings = Settings> extends ProgramContext<S> {
  readonly app: HttpApp;
}

/** What serves on a port of its own, in whatever protocol. */
export interface ProgramServer {
  /**
   * Starts to accept, through the `listen` of the context. Rejects with the system's error (`EADDRINUSE` …). `where.name` is the
   * server's; hand it on.
   */
  listen(where: ServerAddress): Promise<{ readonly address: string; readonly port: number }>;
  /** Stops accepting and waits for the requests in flight; gives up when `signal` is aborted. */
  drain(signal: AbortSignal): Promise<void>;
  /** Closes everything at once. */
  close(): Promise<void>;
}

/** Where a server of a program is to listen. */
export interface ServerAddress {
  readonly name: string;
  readonly host: string;
  readonly port: number;
}

/** A further server of a service. */
export interface ServerDeclaration {
  /** Where it listens unless its setting, `GRPC_PORT` for a server named `grpc`, says otherwise. */
  readonly defaultPort: number;
  /** What it is for, in the help of its setting: "TCP port for gRPC". */
  readonly describe: string;
}

/** Further servers by their names: those that `servers` of the definition has. */
export type FurtherServers = Readonly<Record<string, ProgramServer>>;

/** What services and programs have in common. */
export interface Definition<S extends Settings, Context> {
  /** The name it is registered, logged and measured under. */
  readonly name: string;
  readonly defaultPort: number;
  /** Settings beside the common ones. */
  readonly settings?: S;
  /** What `REGISTRY_URL` may be: that of `@flotilla/registry-client` knows every kind. Default: http and https URLs. */
  readonly registryUrls?: RegistryUrls | undefined;
  /** Who announces the instance. Without one it is not announced. */
  readonly registrar?: ((context: Context) => Registrar) | undefined;
  /** What the registration says beside name, address, port, id and lease. */
  readonly registration?: Pick<Registration, 'tags' | 'metadata' | 'weight'>;
}

/** A service: its routes on the kit's HTTP app. */
export interface ServiceDefinition<S extends Settings = Settings> extends Definition<S, ServiceContext<S>> {
  /**
   * What contracts define of the errors it answers with: its own, and those of the services it asks. Two definitions of one
   * code end the start. Default: none, for a service that has only those of every program.
   */
  readonly errors?: readonly Readonly<Record<string, ErrorKind | FieldKind>>[];
  /**
   * Servers beside the one for HTTP, by their names: lower case letters and digits. Each listens on `SERVER_HOST` and a port of its
   * own, is drained and closed with the rest, and is registered as `<name>_port` in the metadata of the instance. Default none.
   */
  readonly servers?: Readonly<Record<string, ServerDeclaration>>;
  /** Opens what the service needs and adds routes and health checks. Returns its further servers, if it has any. */
  setup(context: ServiceContext<S>): FurtherServers | void | Promise<FurtherServers | void>;
}

/** How patient the primary of a program is with its workers. */
export interface WorkerLimits {
  /** How long one that a reload has replaced may go on with what it has begun. */
  readonly retireTimeoutMs: number;
  /** How long one may answer nothing before it is replaced; 0 = for ever. */
  readonly hangLimitMs: number;
}

/** A program that brings its own server. */
export interface ProgramDefinition<S extends Settings = Settings> extends Definition<S, ProgramContext<S>> {
  create(context: ProgramContext<S>): Promise<ProgramServer>;
  /** Of a program with workers. */
  readonly workerLimits?: (config: ProgramConfig<S>) => WorkerLimits;
}
