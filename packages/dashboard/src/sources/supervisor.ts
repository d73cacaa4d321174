import { type ControlAction, ControlFailure, type FleetReport, findFleets } from '@flotilla/fleet/control';

/** A supervisor, as far as it is asked. */
export interface FleetControl {
  report(options: { readonly usage: boolean }): Promise<FleetReport>;
  act(action: ControlAction, name: string): Promise<readonly string[]>;
  scale(program: string, instances: number): Promise<void>;
}

/** How a {@link Supervisor} finds the fleet. */
export interface SupervisorOptions {
  /** The folder of the project; undefined: nothing runs the programs that could be asked. */
  readonly folder: string | undefined;
  /** The process id of the supervisor that started this program: of several fleets of a project it is the one that is meant. */
  readonly parentPid: number;
  /** Default: looks for the records of running fleets in the folder. */
  readonly find?: (folder: string) => Promise<readonly FoundControl[]>;
}

/** A fleet of the project that answers. */
export interface FoundControl {
  readonly pid: number;
  readonly client: FleetControl;
}

/** There is no supervisor, or it does not answer. The message says for people what to do. */
export class SupervisorAway extends Error {}

/** The action would take this page away. The message says for people what to do instead. */
export class OwnStopRefused extends Error {}

/** The supervisor of the fleet. It is looked for when it is first needed, and again when it is gone. */
export class Supervisor {
  readonly #options: SupervisorOptions;
  #client: FleetControl | undefined;

  constructor(options: SupervisorOptions) {
    this.#options = options;
  }

  /** Whether there could be one. */
  get isExpected(): boolean {
    return this.#options.folder !== undefined;
  }

  /** The state of the fleet, with what it uses. Rejects with {@link SupervisorAway} if nobody can tell. */
  report(): Promise<FleetReport> {
    return this.#ask((client) => client.report({ usage: true }));
  }

  /**
   * Starts, stops or restarts a process, or all of a program; resolves with their names. Rejects with {@link OwnStopRefused} instead
   * of stopping the dashboard: nobody could start it again from a page.
   */
  act(action: ControlAction, name: string): Promise<readonly string[]> {
    return this.#ask(async (client) => {
      if (action === 'stop') refuseOwnStop(await client.report({ usage: false }), name);
      return client.act(action, name);
    });
  }

  /** Runs this many instances of a program. */
  scale(program: string, instances: number): Promise<void> {
    return this.#ask((client) => client.scale(program, instances));
  }

  async #ask<Result>(run: (client: FleetControl) => Promise<Result>): Promise<Result> {
    const client = (this.#client ??= await this.#find());
    try {
      return await run(client);
    } catch (error) {
      if (!(error instanceof ControlFailure) || error.kind === 'refused') throw error;
      this.#client = undefined;
      throw new SupervisorAway(
        `The supervisor ${error.kind === 'silent' ? error.message : 'is gone'}. Start the fleet again: flotilla up`,
        {
          cause: error,
        },
      );
    }
  }

  async #find(): Promise<FleetControl> {
    const { folder, parentPid, find = findRunning } = this.#options;
    if (folder === undefined)
      throw new SupervisorAway(
        'No supervisor runs these programs. Start the fleet with "flotilla up" to control it from here.',
      );
    const found = await find(folder);
    const chosen = found.find(({ pid }) => pid === parentPid) ?? found[0];
    if (chosen !== undefined) return chosen.client;
    throw new SupervisorAway(`No fleet runs in ${folder}. Start it: flotilla up`);
  }
}

function refuseOwnStop({ processes }: FleetReport, name: string): void {
  const own = processes.find(({ role }) => role === 'dashboard');
  // The first instance of a program goes by its number, too.
  if (own === undefined || ![own.name, own.program, `${own.program}-1`].includes(name)) return;
  throw new OwnStopRefused(
    `The dashboard does not stop itself, because nobody could start it again from here. In a terminal, "flotilla stop ${own.program}" stops it, and "flotilla stop" the whole fleet. To start the fleet without it: flotilla up --no-dashboard.`,
  );
}

async function findRunning(folder: string): Promise<readonly FoundControl[]> {
  const found = await findFleets(folder);
  return found.flatMap((fleet) => (fleet.kind === 'running' ? [{ pid: fleet.record.pid, client: fleet.client }] : []));
}
