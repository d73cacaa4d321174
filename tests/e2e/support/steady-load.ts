import { Agent, get } from 'node:http';

/** What became of a load's requests. */
export interface LoadResult {
  readonly answered: ReadonlyMap<number, number>;
  /** Error codes of the requests that got no whole answer. */
  readonly failed: readonly string[];
}

/** Requests that are sent all the time until `stop`. */
export interface SteadyLoad {
  /** Answers so far. */
  readonly count: number;
  stop(): Promise<LoadResult>;
}

/**
 * Keeps asking for `url`: `keptAlive` askers each on a connection that they keep, `fresh` askers each on a new
 * connection every time. Each asker has one request open at a time, so a lost worker can cost each of them one.
 */
export function steadyLoad(url: string, askers: { readonly keptAlive: number; readonly fresh: number }): SteadyLoad {
  const answered = new Map<number, number>();
  const failed: string[] = [];
  let count = 0;
  let stopped = false;
  const keepAlive = new Agent({ keepAlive: true });
  const fresh = new Agent({ keepAlive: false });
  const run = async (agent: Agent): Promise<void> => {
    while (!stopped) {
      try {
        const status = await ask(url, agent);
        answered.set(status, (answered.get(status) ?? 0) + 1);
      } catch (error) {
        failed.push(error instanceof Error && 'code' in error ? String(error.code) : String(error));
      }
      count += 1;
    }
  };
  const runs = [
    ...Array.from({ length: askers.keptAlive }, () => run(keepAlive)),
    ...Array.from({ length: askers.fresh }, () => run(fresh)),
  ];
  return {
    get count() {
      return count;
    },
    async stop() {
      stopped = true;
      await Promise.all(runs);
      keepAlive.destroy();
      return { answered, failed };
    },
  };
}

/** The status of a whole answer; rejects if it does not come, or not to its end. */
function ask(url: string, agent: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent }, (response) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode ?? 0));
      response.once('error', reject);
    });
    request.once('error', reject);
  });
}
