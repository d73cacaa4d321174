import type { CommonSettings, ConfigOf } from '../config/index.ts';
import type { ProgramServer } from './definitions.ts';
import { explainListenFailure } from './listen-failure.ts';

/** The name of the server whose address and port are registered. */
export const mainServerName = 'http';

/** One of a program's servers, and where it listens. */
export interface PlacedServer {
  /** Unique within the program. */
  readonly name: string;
  readonly server: ProgramServer;
  readonly host: string;
  readonly port: number;
  /** The settings to change if that address cannot be used. */
  readonly settings: { readonly host: string; readonly port: string };
  /**
   * `callers`: it listens once the program is built, and is drained. `operators`: it listens from start to exit, so that the
   * program can be inspected while it starts and stops, and its answers are not waited for.
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

  /** Those that listen or have listened. */
  get bound(): readonly BoundServer[] {
    return this.#bound;
  }

  /**
   * Makes the servers listen that do not listen yet, in the order in which they were added. Ends early and silently on `signal`.
   *
   * @returns those that now listen
   * @throws ConfigurationError when an address cannot be used
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

  /** The steps that drain the servers of a kind, one for each; they may run in parallel. */
  drains(serves: PlacedServer['serves']): readonly ServerStep[] {
    return this.#of(serves).map(({ name, server }) => ({ name, run: (signal) => server.drain(signal) }));
  }

  /** The steps that close the servers of a kind. */
  closes(serves: PlacedServer['serves']): readonly ServerStep[] {
    return this.#of(serves).map(({ name, server }) => ({ name, run: () => server.close() }));
  }

  #of(serves: PlacedServer['serves']): readonly PlacedServer[] {
    return this.#servers.filter((placed) => placed.serves === serves);
  }
}

/** A step of a stop, for one server. */
export interface ServerStep {
  readonly name: string;
  run(signal: AbortSignal): Promise<void>;
}
