import type { Clock, ErrorKind, FieldKind, Registrar, Registration } from '@flotilla/contracts';
import type { RegistryUrls } from '@flotilla/contracts/registry-urls';
import type { OperatorsPage } from '../admin/index.ts';
import type { CommonSettings, ConfigOf, Settings } from '../config/index.ts';
import type { Database, DatabaseDefinition } from '../database/index.ts';
import type { Health } from '../health/index.ts';
import type { HttpApp } from '../http/index.ts';
import type { Logger } from '../logger/index.ts';
import type { Metrics, RenderMetrics, Tracer } from '../telemetry/index.ts';
import type { Listen } from '../workers/worker-seat.ts';
import type { CreateCentral } from './central-start.ts';

/** The values of the common settings and of a program's own. */
export type ProgramConfig<S extends Settings> = ConfigOf<CommonSettings> & ConfigOf<S>;

/** What every program gets to build itself from. */
export interface ProgramContext<S extends Settings = Settings> {
  readonly config: ProgramConfig<S>;
  /** This instance's id: in logs, metrics and the registry. */
  readonly instance: string;
  readonly logger: Logger;
  readonly health: Health;
  readonly metrics: Metrics;
  /** Takes the program's spans. */
  readonly tracer: Tracer;
  readonly clock: Clock;
  /** How many processes serve together, including this one: each gets a share of the program's limits. */
  readonly workers: number;
  /** Makes a server of the program listen. Use it for every one: workers share their sockets through it. */
  readonly listen: Listen;
  /** Renders the metrics of the whole program, with those of all workers if it has several. Never rejects. */
  readonly renderMetrics: RenderMetrics;
  /** Says how this process is, when some worker gathers that: something that JSON can carry. The last call counts. */
  describe(state: () => unknown): void;
  /** How the program is: what each of its workers says of itself, those left out that do not answer. Never rejects. */
  gather(): Promise<readonly unknown[]>;
  /**
   * Calls `run` with each new value of a setting that is `live`, when central config changes it. `config` has the new value
   * already, so whoever reads it there each time needs no call. Throws for a setting that is not live.
   */
  onSetting<Name extends keyof ProgramConfig<S>>(name: Name, run: (value: ProgramConfig<S>[Name]) => void): void;
  /** Runs when the program is told to stop, before requests are drained: end here what does not end by itself. */
  onDrain(run: () => Promise<void> | void): void;
  /** Runs after the last request, in reverse order of adding; each for at most 5 s. Close databases here. */
  onClose(run: () => Promise<void> | void): void;
}

/** What a service may declare as its database. */
export type MaybeDatabase = DatabaseDefinition | undefined;

/** What a service has before it is set up: the same, and its HTTP app. */
export interface AppContext<S extends Settings = Settings> extends ProgramContext<S> {
  readonly app: HttpApp;
}

/** What a service gets to set itself up: the same, and its database. */
export interface ServiceContext<S extends Settings = Settings, D extends MaybeDatabase = MaybeDatabase>
  extends AppContext<S> {
  /** The database that the definition declares, with all its tables. The chassis closes it and has its health check. */
  readonly database: D extends DatabaseDefinition ? Database<unknown> : undefined;
}

/** A server with a port of its own, for any protocol. */
export interface ProgramServer {
  /**
   * Starts to accept connections, through the `listen` of the context. Rejects with the system's error (`EADDRINUSE` …).
   * Pass `where.name` on; it is the server's name.
   */
  listen(where: ServerAddress): Promise<{ readonly address: string; readonly port: number }>;
  /** Stops accepting connections and waits for the requests in progress; gives up when `signal` is aborted. */
  drain(signal: AbortSignal): Promise<void>;
  /** Closes everything at once. */
  close(): Promise<void>;
}

/** Where a server of a program listens. */
export interface ServerAddress {
  readonly name: string;
  readonly host: string;
  readonly port: number;
}

/** A further server of a service. */
export interface ServerDeclaration {
  /**
   * The default of its port setting, which is `GRPC_PORT` for a server named `grpc`. Undefined: the server is off until that is
   * set, for one that few need, or whose usual port others take.
   */
  readonly defaultPort: number | undefined;
  /** The help text of its setting: "TCP port for gRPC". */
  readonly describe: string;
}

/** Further servers by name, as declared in `servers` of the definition. */
export type FurtherServers = Readonly<Record<string, ProgramServer>>;

/** Options that services and programs have in common. */
export interface Definition<S extends Settings, Context> {
  /** The name of the program in the registry, logs and metrics. */
  readonly name: string;
  readonly defaultPort: number;
  /** Settings in addition to the common ones. */
  readonly settings?: S;
  /** What `REGISTRY_URL` accepts; that of `@flotilla/registry-client` knows every kind. Default: http and https URLs. */
  readonly registryUrls?: RegistryUrls | undefined;
  /** Announces the instance. Without it, the instance is not announced. */
  readonly registrar?: ((context: Context) => Registrar) | undefined;
  /**
   * Where settings of all programs are kept: they come after flags and variables, and before the file and the defaults.
   * That of `@flotilla/registry-client` is `centralConfigFor`. Default: none.
   */
  readonly centralConfig?: CreateCentral | undefined;
  /**
   * What the registration says in addition to name, address, port, id and lease. `metadata.version` is the version of the program:
   * the gateway can choose by it, and metrics, traces and logs name it as `service.version`. Default: that of the nearest
   * `package.json` above the main file that names one.
   */
  readonly registration?: Pick<Registration, 'tags' | 'metadata' | 'weight'>;
}

/** A service: its routes on the kit's HTTP app. */
export interface ServiceDefinition<S extends Settings = Settings, D extends MaybeDatabase = MaybeDatabase>
  extends Definition<S, AppContext<S>> {
  /**
   * The errors that it answers with, as contracts define them: its own, and those of the services it calls. If a code is
   * defined twice, the program does not start. Default: none, for a service that only uses the core errors.
   */
  readonly errors?: readonly Readonly<Record<string, ErrorKind | FieldKind>>[];
  /**
   * The service's database. The chassis opens it by `DATABASE_URL`, migrates it, checks its health, closes it, and adds the
   * settings for it. Default: none.
   */
  readonly database?: D;
  /**
   * Servers in addition to the HTTP server, by name: lower-case letters and digits. Each listens on `SERVER_HOST` and a port
   * of its own, is drained and closed with the rest, and is registered as `<name>_port` in the instance's metadata.
   * Default: none.
   */
  readonly servers?: Readonly<Record<string, ServerDeclaration>>;
  /** Opens what the service needs, and adds routes and health checks. Returns its further servers, if it has any. */
  setup(context: ServiceContext<S, D>): FurtherServers | void | Promise<FurtherServers | void>;
}

/** How long the primary of a program waits for its workers. */
export interface WorkerLimits {
  /** How long a worker that a reload replaced may take to finish what it has begun. */
  readonly retireTimeoutMs: number;
  /** How long a worker may be unresponsive before it is replaced; 0: forever. */
  readonly hangLimitMs: number;
}

/** A program with a server of its own. */
export interface ProgramDefinition<S extends Settings = Settings> extends Definition<S, ProgramContext<S>> {
  create(context: ProgramContext<S>): Promise<ProgramServer>;
  /** What operators can ask it, on their port. They may ask while the program still starts. Default: nothing of its own. */
  readonly operatorsPages?: readonly OperatorsPage[];
  /** For a program with workers. */
  readonly workerLimits?: (config: ProgramConfig<S>) => WorkerLimits;
}
