import { readFileSync } from 'node:fs';
import type { ConfigOf, TelemetrySettings, TelemetrySignal } from '../config/index.ts';
import { readList } from './read-list.ts';

/** The values of the settings, as they were written. */
export type TelemetryConfig = ConfigOf<TelemetrySettings>;

export const otlpProtocols = ['http/protobuf', 'http/json', 'grpc'] as const;
export type OtlpProtocol = (typeof otlpProtocols)[number];

/** Where and how a signal is sent. */
export interface OtlpTarget {
  readonly signal: TelemetrySignal;
  readonly protocol: OtlpProtocol;
  /** Of HTTP: with the path of the signal. Of gRPC: its path means nothing. */
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** For a batch, with all attempts. */
  readonly timeoutMs: number;
  readonly gzip: boolean;
  /** The certificates of TLS as PEM; undefined: those of Node.js, and none of our own. */
  readonly tls: { readonly ca?: Buffer; readonly cert?: Buffer; readonly key?: Buffer };
}

/** What the settings say about a signal. */
export interface ReadTarget {
  /** Undefined: the signal is not sent. */
  readonly target: OtlpTarget | undefined;
  /** What is wrong with the settings, as sentences: each is used as if it were not set. */
  readonly problems: readonly string[];
}

const defaultTimeoutMs = 10_000;
/** Names of header fields; those that HTTP itself needs cannot be set. */
const headerName = /^(?!(?:host|content-length|transfer-encoding|connection|te|upgrade)$)[!#$%&'*+.^_`|~0-9a-z-]+$/i;
const headerValue = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Reads where `signal` is sent. Its own variables win over those of all signals. */
export function readTarget(config: TelemetryConfig, signal: TelemetrySignal): ReadTarget {
  const problems: string[] = [];
  const variables = new SignalVariables(config, signal);
  const exporter = config[exporterOf[signal]]?.trim().toLowerCase();
  if (exporter === 'none') return { target: undefined, problems };
  if (exporter !== undefined && exporter !== 'otlp')
    problems.push(`${exporterOf[signal]}: "${exporter}" is not otlp or none. ${capital(signal)} are sent by OTLP.`);
  const endpoint = variables.get('ENDPOINT');
  if (endpoint === undefined) return { target: undefined, problems: [] };
  const protocol = readProtocol(variables.get('PROTOCOL'), problems);
  const url = readEndpoint(endpoint, protocol, signal);
  if (url === undefined) {
    const wrong = `${endpoint.name} is not a URL such as http://127.0.0.1:4318. ${capital(signal)} are not sent.`;
    return { target: undefined, problems: [...problems, wrong] };
  }
  const target = {
    signal,
    protocol,
    url,
    headers: readHeaders(variables.get('HEADERS'), problems),
    timeoutMs: readTimeout(variables.get('TIMEOUT'), defaultTimeoutMs, problems),
    gzip: readCompression(variables.get('COMPRESSION'), problems),
    tls: {
      ...readPem('ca', variables.get('CERTIFICATE'), problems),
      ...readPem('cert', variables.get('CLIENT_CERTIFICATE'), problems),
      ...readPem('key', variables.get('CLIENT_KEY'), problems),
    },
  };
  return { target, problems };
}

const exporterOf = {
  traces: 'OTEL_TRACES_EXPORTER',
  metrics: 'OTEL_METRICS_EXPORTER',
  logs: 'OTEL_LOGS_EXPORTER',
} as const;

const capital = (word: string): string => `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`;

/** A setting as it was written, and under which name. */
export interface Written {
  readonly name: string;
  readonly value: string;
  /** Whether it is of this signal alone. */
  readonly own: boolean;
}

class SignalVariables {
  readonly #values: Readonly<Record<string, unknown>>;
  readonly #signal: string;

  constructor(config: TelemetryConfig, signal: TelemetrySignal) {
    this.#values = config;
    this.#signal = signal.toUpperCase();
  }

  get(option: string): Written | undefined {
    const common = `OTEL_EXPORTER_OTLP_${option}`;
    const name = `OTEL_EXPORTER_OTLP_${this.#signal}_${option}`;
    const [own, shared] = [this.#values[name], this.#values[common]];
    if (typeof own === 'string' && own.trim() !== '') return { name, value: own.trim(), own: true };
    return typeof shared === 'string' && shared.trim() !== ''
      ? { name: common, value: shared.trim(), own: false }
      : undefined;
  }
}

function readProtocol(written: Written | undefined, problems: string[]): OtlpProtocol {
  const found = otlpProtocols.find((name) => name === written?.value.toLowerCase());
  if (written !== undefined && found === undefined)
    problems.push(`${written.name} is not one of ${otlpProtocols.join(', ')}. It is http/protobuf.`);
  return found ?? 'http/protobuf';
}

/** What is only a host and a port means http. The path of the signal is added to an endpoint of all signals. */
function readEndpoint({ value, own }: Written, protocol: OtlpProtocol, signal: TelemetrySignal): URL | undefined {
  const url = URL.parse(value.includes('://') ? value : `http://${value}`);
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) return undefined;
  if (protocol !== 'grpc' && !own) url.pathname = `${url.pathname.replace(/\/+$/, '')}/v1/${signal}`;
  return url;
}

function readHeaders(written: Written | undefined, problems: string[]): Readonly<Record<string, string>> {
  const { entries, wrong } = readList(written?.value, headerName);
  const headers: Record<string, string> = {};
  const refused = [...wrong];
  for (const [name, value] of entries) {
    if (headerValue.test(value)) headers[name.toLowerCase()] = value;
    else refused.push(name);
  }
  if (written !== undefined && refused.length > 0)
    problems.push(`${written.name} has entries that are no headers (${refused.join(', ')}). They are not sent.`);
  return headers;
}

/** As long as a timer may run, almost 25 days: what OpenTelemetry lets stand for "no limit". */
const longestMs = 2_147_483_647;

/** A duration as OpenTelemetry defines it: a whole number of milliseconds, 0 included. */
export function readDuration(
  written: Pick<Written, 'name' | 'value'> | undefined,
  fallbackMs: number,
  problems: string[],
): number {
  // An empty variable is one that is not set.
  if (written === undefined || written.value === '') return fallbackMs;
  const read = Number(written.value);
  if (/^\d+$/.test(written.value) && read <= longestMs) return read;
  problems.push(`${written.name} is not a whole number of milliseconds, 0 to ${longestMs}. It is ${fallbackMs}.`);
  return fallbackMs;
}

/** A timeout as OpenTelemetry defines it: the same, but 0 is "no limit". */
export function readTimeout(...given: Parameters<typeof readDuration>): number {
  return readDuration(...given) || longestMs;
}

function readCompression(written: Written | undefined, problems: string[]): boolean {
  const value = written?.value.toLowerCase();
  if (written !== undefined && value !== 'gzip' && value !== 'none')
    problems.push(`${written.name} is not gzip or none. It is none.`);
  return value === 'gzip';
}

function readPem(
  part: 'ca' | 'cert' | 'key',
  written: Written | undefined,
  problems: string[],
): { readonly [Part in 'ca' | 'cert' | 'key']?: Buffer } {
  if (written === undefined) return {};
  try {
    return { [part]: readFileSync(written.value) };
  } catch (error) {
    // What Node.js throws there is an error.
    problems.push(`${written.name} cannot be read: ${(error as Error).message}. It is not used.`);
    return {};
  }
}
