import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { engineCache } from '@flotilla/conformance/registries';
import { freePort } from '@flotilla/testing';
import { eventually } from '../e2e/support/eventually.ts';
import { missing, programOnPath, Server, temporaryFolder } from '../engine/programs.ts';

/** An OpenTelemetry collector, and what it has taken. */
export interface RunningCollector extends AsyncDisposable {
  /** Where it takes OTLP, by protocol. */
  readonly http: string;
  readonly grpc: string;
  /** What it has taken so far, in the JSON of OTLP. */
  taken(): readonly TakenRequest[];
  /** Its metrics as Prometheus would see them. */
  prometheusPage(): Promise<string>;
}

/** A message of OTLP as the collector writes it down. */
export interface TakenRequest {
  readonly resourceSpans?: readonly TakenResource<'scopeSpans', { readonly spans: readonly TakenSpan[] }>[];
  readonly resourceMetrics?: readonly TakenResource<'scopeMetrics', { readonly metrics: readonly TakenMetric[] }>[];
  readonly resourceLogs?: readonly TakenResource<'scopeLogs', { readonly logRecords: readonly TakenLog[] }>[];
}

type TakenResource<Name extends string, Scope> = {
  readonly resource: { readonly attributes: readonly TakenAttribute[] };
} & { readonly [Key in Name]: readonly Scope[] };

export interface TakenAttribute {
  readonly key: string;
  readonly value: { readonly stringValue?: string; readonly intValue?: string };
}

export interface TakenSpan {
  readonly traceId: string;
  readonly name: string;
  readonly kind: number;
  readonly attributes: readonly TakenAttribute[];
}

export interface TakenMetric {
  readonly name: string;
  readonly unit?: string;
  readonly histogram?: {
    readonly dataPoints: readonly {
      readonly attributes: readonly TakenAttribute[];
      readonly startTimeUnixNano: string;
      readonly count: string;
      readonly exemplars?: readonly { readonly traceId: string }[];
    }[];
  };
}

export interface TakenLog {
  readonly traceId?: string;
  readonly severityNumber: number;
  readonly body: { readonly stringValue: string };
  readonly attributes: readonly TakenAttribute[];
}

/** Starts a collector, or skips the test with the reason. */
export async function startCollector(t: TestContext): Promise<RunningCollector | undefined> {
  const path = programOnPath('otel-collector', [join(engineCache, 'otel-collector')]);
  if (path === undefined)
    return missing(t, 'the OpenTelemetry collector is not built (tests/clients/install.sh)', 'otel-collector');
  const folder = temporaryFolder(t);
  const [http, grpc, prometheus] = [await freePort(), await freePort(), await freePort()];
  const file = join(folder, 'taken.jsonl');
  writeFileSync(file, '');
  const otlp = { grpc: { endpoint: `127.0.0.1:${grpc}` }, http: { endpoint: `127.0.0.1:${http}` } };
  const pipeline = { receivers: ['otlp'], exporters: ['file'] };
  const config = {
    receivers: { otlp: { protocols: otlp } },
    exporters: {
      file: { path: file, append: true, flush_interval: '100ms' },
      prometheus: { endpoint: `127.0.0.1:${prometheus}` },
    },
    service: {
      telemetry: { metrics: { level: 'none' } },
      pipelines: { traces: pipeline, logs: pipeline, metrics: { ...pipeline, exporters: ['file', 'prometheus'] } },
    },
  };
  // JSON is YAML.
  writeFileSync(join(folder, 'collector.yaml'), JSON.stringify(config));
  const server = new Server(path, ['--config', join(folder, 'collector.yaml')]);
  for (const port of [http, grpc, prometheus]) await server.accepting(port);
  return {
    http: `http://127.0.0.1:${http}`,
    grpc: `http://127.0.0.1:${grpc}`,
    taken: () => wholeLines(readFileSync(file, 'utf8')),
    async prometheusPage() {
      let page = '';
      await eventually('the collector shows metrics', async () => {
        page = await (await fetch(`http://127.0.0.1:${prometheus}/metrics`)).text();
        return page.includes('http_server_request_duration_seconds_bucket');
      });
      return page;
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** The last line may still be written. */
function wholeLines(text: string): readonly TakenRequest[] {
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as TakenRequest); // The collector's own format.
}
