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
  const config = { scrape_configs: [{ job_name: 'found', scrape_interval: '5s', ...discovery }] };
  // JSON is YAML.
  writeFileSync(join(folder, 'prometheus.yml'), JSON.stringify(config));
  const server = await serveConfig(path, folder);
  const targets = async (): Promise<readonly FoundTarget[]> => {
    const answer = await fetch(`${server.url}/api/v1/targets?state=active`);
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

/** Starts a Prometheus with the `prometheus.yml` of a folder, which also gets its data. */
export async function serveConfig(
  path: string,
  folder: string,
  options: readonly string[] = [],
): Promise<{ readonly url: string } & AsyncDisposable> {
  const port = await freePort();
  const server = new Server(path, [
    `--config.file=${join(folder, 'prometheus.yml')}`,
    `--storage.tsdb.path=${join(folder, 'prometheus')}`,
    `--web.listen-address=127.0.0.1:${port}`,
    ...options,
  ]);
  await server.accepting(port);
  const url = `http://127.0.0.1:${port}`;
  await eventually('Prometheus is ready', async () => (await fetch(`${url}/-/ready`)).ok);
  return { url, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

/** Asks a Prometheus. */
export interface PrometheusQueries {
  /** How many series an expression has now. */
  count(expression: string): Promise<number>;
  /** Waits until an expression has a series. */
  finds(expression: string): Promise<void>;
  rules(): Promise<readonly { readonly name: string; readonly health: string; readonly lastError?: string }[]>;
  /** The trace ids of the exemplars of a series, from the last hour. */
  exemplars(selector: string): Promise<readonly string[]>;
}

/** `url`: where the Prometheus is. */
export function queriesTo(url: string): PrometheusQueries {
  const get = async <Data>(path: string, parameters: Readonly<Record<string, string>> = {}): Promise<Data> => {
    const answer = await fetch(`${url}/api/v1/${path}?${new URLSearchParams(parameters).toString()}`);
    // Prometheus's documented answers.
    const { data, error } = (await answer.json()) as { data?: Data; error?: string };
    if (data === undefined) throw new Error(`${parameters['query'] ?? path}: ${error}`);
    return data;
  };
  const count = async (query: string): Promise<number> =>
    (await get<{ result: readonly unknown[] }>('query', { query })).result.length;
  return {
    count,
    finds: (expression) => eventually(`${expression} has values`, async () => (await count(expression)) > 0),
    async rules() {
      const { groups } = await get<{ groups: { rules: { name: string; health: string; lastError?: string }[] }[] }>(
        'rules',
      );
      return groups.flatMap((group) => group.rules);
    },
    async exemplars(query) {
      const now = Date.now() / 1_000;
      const found = await get<{ exemplars: { labels: Record<string, string> }[] }[]>('query_exemplars', {
        query,
        start: String(now - 3_600),
        end: String(now),
      });
      return found.flatMap(({ exemplars }) => exemplars.map(({ labels }) => labels['trace_id'] ?? ''));
    },
  };
}
