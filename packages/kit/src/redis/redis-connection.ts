import type { Clock, Timer } from '@flotilla/contracts';
import type { Redis as Client, RedisOptions as ClientOptions } from 'ioredis';
import type { RedisLocation } from '../config/index.ts';
import type { CommandMetrics } from './command-metrics.ts';
import type { Redis, RedisReply, RedisScript } from './redis.ts';
import { describeFailure, isReply, RedisError, type RedisFailure, replyCode } from './redis-error.ts';
import { readServerInfo } from './server-info.ts';

/** What a connection needs. */
export interface ConnectionOptions {
  readonly location: RedisLocation;
  /** The certificates to trust instead of Node's own. */
  readonly ca: string | undefined;
  readonly name: string;
  readonly clock: Clock;
  readonly random: () => number;
  /** Default: nothing is measured. */
  readonly measured?: CommandMetrics | undefined;
}

/** How long opening a connection may take, and then what is said before it is used. */
const connectTimeoutMs = 2_000;
const handshakeTimeoutMs = 2_000;

/** The time between attempts to connect: doubled each time up to the longest, and varied by a tenth. */
const firstRetryMs = 100;
const longestRetryMs = 2_000;

/** How often to ask a Redis that is loading its data whether it has finished. */
const loadingRetryMs = 200;

/** After how long without any reply a connection is given up: a host that is gone, or a firewall, closes none. */
const silenceLimitMs = 5_000;

/** How many commands may wait for their replies: a Redis that does not answer must not fill our memory. */
const maxUnanswered = 10_000;

/** How long the health check waits: a bit less than a probe does. */
const checkTimeoutMs = 800;

const connecting = 'there is no connection yet';

/** See {@link Redis}. The client library keeps the socket and the protocol; what to do when something fails is decided here. */
export class RedisConnection implements Redis {
  readonly #client: Client;
  readonly #clock: Clock;
  readonly #database: number;
  readonly #measured: CommandMetrics | undefined;
  #run: string | undefined;
  #reason = connecting;
  #attempts = 0;
  #unanswered = 0;
  /** When the first command was sent that has had no reply, nor any command since; undefined: replies come. */
  #silentSinceMs: number | undefined;
  #handshake: Timer | undefined;
  readonly #firstAttempt = Promise.withResolvers<void>();
  #isClosed = false;

  constructor(NewClient: new (options: ClientOptions) => Client, options: ConnectionOptions) {
    this.#clock = options.clock;
    this.#database = options.location.database;
    this.#measured = options.measured;
    this.#client = new NewClient(clientOptions(options, () => this.#nextDelayMs(options.random)));
    this.#client.on('connect', () => this.#expectHandshake());
    this.#client.on('ready', () => void this.#shakeHands());
    this.#client.on('close', () => this.#lose());
    // Without a listener, an error would end the process.
    const { tls } = options.location;
    this.#client.on('error', (error: Error) => (this.#reason = describeFailure(error, tls)));
    // It fails if the first attempt does; the next ones follow by themselves.
    this.#client.connect().catch(() => undefined);
  }

  get run(): string | undefined {
    return this.#run;
  }

  async settled(limitMs: number): Promise<void> {
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = this.#clock.after(limitMs, resolve);
    await Promise.race([this.#firstAttempt.promise, late]);
    timer.cancel();
  }

  call(command: readonly [string, ...(string | number)[]], limitMs: number): Promise<RedisReply> {
    if (this.#run === undefined) return Promise.reject(new RedisError('away', this.#reason));
    return this.#send(command, limitMs);
  }

  async script(
    { lua, sha }: RedisScript,
    keys: readonly string[],
    values: readonly (string | number)[],
    limitMs: number,
  ): Promise<RedisReply> {
    const rest = [keys.length, ...keys, ...values];
    try {
      return await this.call(['EVALSHA', sha, ...rest], limitMs);
    } catch (error) {
      if (!(error instanceof RedisError) || !error.message.startsWith('NOSCRIPT')) throw error;
      return this.call(['EVAL', lua, ...rest], limitMs);
    }
  }

  async check(): Promise<void> {
    await this.call(['PING'], checkTimeoutMs);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#lose();
    this.#reason = 'the connection is closed';
    this.#client.disconnect();
  }

  #send(command: readonly [string, ...(string | number)[]], limitMs: number): Promise<RedisReply> {
    if (this.#unanswered >= maxUnanswered)
      return Promise.reject(new RedisError('late', 'too many commands wait for a reply'));
    const sentMs = this.#clock.monotonicMs();
    const [name, ...values] = command;
    return new Promise((resolve, reject) => {
      let isAnswered = false;
      let isLate = false;
      const timer = this.#clock.after(limitMs, () => {
        // A busy program runs its timers before it reads what came in time: look at that first.
        setImmediate(() => {
          if (isAnswered) return;
          isLate = true;
          this.#measured?.ran(name, sentMs, 'late');
          reject(new RedisError('late', `no reply within ${limitMs} ms`));
          this.#suspect(sentMs);
        });
      });
      const answered = (failure?: RedisFailure): void => {
        isAnswered = true;
        if (!isLate) this.#measured?.ran(name, sentMs, failure);
        timer.cancel();
        this.#unanswered -= 1;
        this.#silentSinceMs = undefined;
      };
      this.#unanswered += 1;
      this.#client.call(name, ...values).then(
        (reply) => {
          answered();
          // Without buffers, doubles or maps, which nothing here asks for, these are all there are.
          resolve(reply as RedisReply);
        },
        (error: Error) => {
          answered(isReply(error) ? 'refused' : 'away');
          reject(this.#failure(error));
        },
      );
    });
  }

  #failure(error: Error): RedisError {
    if (!isReply(error)) return new RedisError('away', this.#reason);
    const code = replyCode(error);
    // The server has been demoted: look for the one that replaced it.
    if (code === 'READONLY') this.#giveUp(describeFailure(error));
    return new RedisError('refused', `${code}: ${describeFailure(error)}`);
  }

  /** A command that was sent at `sentMs` has had no reply in time. */
  #suspect(sentMs: number): void {
    this.#silentSinceMs ??= sentMs;
    if (this.#clock.monotonicMs() - this.#silentSinceMs > silenceLimitMs) this.#giveUp('it does not answer');
  }

  #expectHandshake(): void {
    this.#reason = connecting;
    this.#handshake?.cancel();
    this.#handshake = this.#clock.after(handshakeTimeoutMs, () =>
      this.#giveUp('it accepts connections, but does not answer'),
    );
  }

  /** What is said before the connection is used: the client library has sent the password by now. */
  async #shakeHands(): Promise<void> {
    try {
      // By hand: the library would go on in database 0 if there is no such database.
      if (this.#database !== 0) await this.#client.call('SELECT', this.#database);
      const info = readServerInfo(String(await this.#client.call('INFO')));
      if (this.#isClosed) return;
      if (info.loading) {
        this.#expectHandshake();
        this.#reason = 'it is still loading its data';
        this.#clock.after(loadingRetryMs, () => this.#client.status === 'ready' && void this.#shakeHands());
        return;
      }
      this.#handshake?.cancel();
      if (info.run === undefined)
        return this.#giveUp('it does not tell its run_id (INFO), without which a restart goes unnoticed');
      this.#attempts = 0;
      this.#silentSinceMs = undefined;
      this.#run = info.run;
      this.#firstAttempt.resolve();
    } catch (error) {
      // The library rejects with Errors.
      if (!this.#isClosed) this.#giveUp(describeFailure(error as Error));
    }
  }

  /** Ends the connection, and begins a new one after a while. */
  #giveUp(reason: string): void {
    if (this.#isClosed) return;
    this.#client.disconnect(true);
    this.#lose();
    this.#reason = reason;
  }

  #lose(): void {
    // A reason that is known already says more.
    if (this.#run !== undefined) this.#reason = 'the connection broke';
    else if (this.#reason === connecting) this.#reason = 'it closes the connection; if it speaks TLS, use rediss://';
    this.#handshake?.cancel();
    this.#silentSinceMs = undefined;
    this.#run = undefined;
    this.#firstAttempt.resolve();
  }

  #nextDelayMs(random: () => number): number {
    const delayMs = Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(this.#attempts, 10));
    this.#attempts += 1;
    return Math.round(delayMs * (0.9 + 0.2 * random()));
  }
}

function clientOptions({ location, ca, name }: ConnectionOptions, retryStrategy: () => number): ClientOptions {
  const { host, port, username, password, tls } = location;
  return {
    host,
    port,
    // Both kinds of addresses: localhost may be either.
    family: 0,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(tls ? { tls: ca === undefined ? {} : { ca } } : {}),
    connectionName: `flotilla-${name}`,
    connectTimeout: connectTimeoutMs,
    retryStrategy,
    lazyConnect: true,
    // A command that cannot be sent now, or whose reply was lost, fails: whoever sent it has something better to do than wait.
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    // The handshake asks itself.
    enableReadyCheck: false,
    // Its replies have the same shapes on every server.
    protocol: 2,
    disableClientInfo: true,
  };
}
