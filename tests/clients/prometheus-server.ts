import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '@flotilla/testing';
import { eventually } from '../e2e/support/eventually.ts';
import { Server } from '../engine/programs.ts';

/** What Prometheus found at one place: where to ask, and the labels that discovery gave. */
export interface FoundTarget {
  readonly url: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** A Prometheus that finds its targets in one way. */
export interface RunningPrometheus extends AsyncDisposable {
  /** The targets it has now, in order. */
  targets(): Promise<readonly FoundTarget[]>;
  /** Waits until it has exactly these, by `host:port`. Resolves with how long that took, in milliseconds. */
  until(addresses: readonly string[]): Promise<number>;
}

/** Starts a Prometheus with one way of discovery, in JSON, as it stands below `scrape_configs`. */
export async function startPrometheus(path: string, folder: string, discovery: object): Promise<RunningPrometheus> {
  const port = await freePort();
  const config = { scrape_configs: [{ job_name: 'found', scrape_interval: '5s', ...discovery }] };
  // JSON is YAML.
  writeFileSync(join(folder, 'prometheus.yml'), JSON.stringify(config));
  const server = new Server(path, [
    `--config.file=${join(folder, 'prometheus.yml')}`,
    `--storage.tsdb.path=${join(folder, 'prometheus')}`,
    `--web.listen-address=127.0.0.1:${port}`,
  ]);
  await server.accepting(port);
  const targets = async (): Promise<readonly FoundTarget[]> => {
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1/targets?state=active`);
    // Prometheus's documented answer.
    const { data } = (await answer.json()) as {
      data?: { activeTargets: { scrapeUrl: string; discoveredLabels: Record<string, string> }[] };
    };
    const found = (data?.activeTargets ?? []).map((one) => ({ url: one.scrapeUrl, labels: one.discoveredLabels }));
    return found.toSorted((a, b) => a.url.localeCompare(b.url));
  };
  return {
    targets,
    async until(addresses) {
      const beganMs = performance.now();
      const wanted = addresses.toSorted((a, b) => a.localeCompare(b)).join(' ');
      await eventually(`Prometheus has ${wanted || 'no targets'}`, async () => {
        return (await targets()).map(({ url }) => new URL(url).host).join(' ') === wanted;
      });
      return Math.round(performance.now() - beganMs);
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
