import type { CommonSettings, ConfigOf } from '../config/index.ts';
import type { ProgramServer } from './definitions.ts';
import { explainListenFailure } from './listen-failure.ts';

/** The server that is registered as the program's address. */
export const mainServerName = 'http';

/** One of a program's servers, with where it is to listen. */
export interface PlacedServer {
  /** Unique in the program. */
  readonly name: string;
  readonly server: ProgramServer;
  readonly host: string;
  readonly port: number;
  /** What a person changes when that address can't be had. */
  readonly settings: { readonly host: string; readonly port: string };
  /**
   * `callers`: it listens when the program is built, and is drained. `operators`: it listens from the start to the end, so that
   * the program can be looked into while it comes and goes, and nobody waits for what it answers.
   */
  readonly serves: 'callers' | 'operators';
}

/** Places the main server where the settings say. */
export function mainServer(
  server: ProgramServer,
  { SERVER_HOST, SERVER_PORT }: ConfigOf<CommonSettings>,
): PlacedServer {
  const settings = { host: 'SERVER_HOST', port: 'SERVER_PORT' };
  return { name: mainServerName, server, host: SERVER_HOST, port: SERVER_PORT, settings, serves: 'callers' };
}

/** Where a server really listens. */
export interface BoundServer extends PlacedServer {
  readonly at: { readonly address: string; readonly port: number };
}

/** The servers of a program. */
export class ServerSet {
  readonly #servers: PlacedServer[] = [];
  readonly #bound: BoundServer[] = [];

  add(servers: readonly PlacedServer[]): void {
    this.#servers.push(...servers);
  }

  /** Those that listen, or have. */
  get bound(): readonly BoundServer[] {
    return this.#bound;
  }

  /**
   * Makes those listen that do not yet, in the order in which they were added. Ends early, without a word, on `signal`.
   *
   * @returns those that it has made listen
   * @throws ConfigurationError when an address can't be had
   */
  async listen(serves: PlacedServer['serves'], signal: AbortSignal): Promise<readonly BoundServer[]> {
    const before = this.#bound.length;
    for (const placed of this.#of(serves)) {
      if (signal.aborted) break;
      if (this.#bound.some(({ name }) => name === placed.name)) continue;
      const { server, name, host, port } = placed;
      try {
        this.#bound.push({ ...placed, at: await server.listen({ name, host, port }) });
      } catch (error) {
        throw (await explainListenFailure(error, placed)) ?? error;
      }
    }
    return this.#bound.slice(before);
  }

  /** What lets the servers of a kind finish, one step for each; they may run side by side. */
  drains(serves: PlacedServer['serves']): readonly ServerStep[] {
    return this.#of(serves).map(({ name, server }) => ({ name, run: (signal) => server.drain(signal) }));
  }

  /** What closes the servers of a kind. */
  closes(serves: PlacedServer['serves']): readonly ServerStep[] {
    return this.#of(serves).map(({ name, server }) => ({ name, run: () => server.close() }));
  }

  #of(serves: PlacedServer['serves']): readonly PlacedServer[] {
    return this.#servers.filter((placed) => placed.serves === serves);
  }
}

/** One server's part of a stop. */
export interface ServerStep {
  readonly name: string;
  run(signal: AbortSignal): Promise<void>;
}
