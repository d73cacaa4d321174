import { grpcCodeToHttp } from './grpc-codes.ts';
import type { Fields, SpanRecord } from './records.ts';

/** What spans are asked for by. Null: it does not say. */
export interface SpanColumns {
  readonly method: string | null;
  readonly path: string | null;
  readonly query: string | null;
  readonly route: string | null;
  /** As HTTP has them, for calls of gRPC too. */
  readonly status: number | null;
  readonly errorType: string | null;
  readonly protocol: 'http' | 'grpc' | 'sql' | 'redis' | 'events' | 'other' | null;
  /** What is called, in the words of its conventions: a service, or `postgresql shop`. */
  readonly peer: string | null;
  /** Where that is: `127.0.0.1:8002`. */
  readonly address: string | null;
}

/** Reads the attributes of a span, by the stable conventions and by those before them, which many libraries still use. */
export function spanColumns({ attributes, kind, name }: SpanRecord): SpanColumns {
  const rpc = text(attributes, 'rpc.method');
  const isGrpc = text(attributes, 'rpc.system.name', 'rpc.system') !== null || rpc !== null;
  const target = text(attributes, 'url.path', 'http.target') ?? pathOfUrl(text(attributes, 'url.full', 'http.url'));
  const [path, query] = target === null ? [isGrpc ? rpcPath(attributes, rpc, name) : null, null] : cut(target, '?');
  return {
    method: text(attributes, 'http.request.method', 'http.method') ?? (isGrpc ? 'gRPC' : null),
    path,
    query: text(attributes, 'url.query') ?? query,
    route: text(attributes, 'http.route'),
    status: number(attributes, 'http.response.status_code', 'http.status_code') ?? rpcStatus(attributes),
    errorType: text(attributes, 'error.type', 'exception.type'),
    protocol: kind === 'internal' ? null : protocolOf(attributes, isGrpc, target),
    peer: peerOf(attributes),
    address: addressOf(attributes),
  };
}

function protocolOf(attributes: Fields, isGrpc: boolean, target: string | null): SpanColumns['protocol'] {
  if (isGrpc) return 'grpc';
  const database = text(attributes, 'db.system.name', 'db.system');
  if (database !== null) return cacheSystems.has(database) ? 'redis' : 'sql';
  if (text(attributes, 'messaging.system') !== null) return 'events';
  const isHttp = target !== null || text(attributes, 'http.request.method', 'http.method', 'http.route') !== null;
  return isHttp ? 'http' : 'other';
}

const cacheSystems: ReadonlySet<string> = new Set(['redis', 'memcached', 'valkey']);

function peerOf(attributes: Fields): string | null {
  const database = text(attributes, 'db.system.name', 'db.system');
  if (database !== null) {
    const namespace = text(attributes, 'db.namespace', 'db.name');
    // The numbers of Redis' databases tell nobody anything.
    return namespace === null || cacheSystems.has(database) ? database : `${database} ${namespace}`;
  }
  return text(attributes, 'flotilla.service', 'service.peer.name', 'peer.service', 'messaging.system');
}

function addressOf(attributes: Fields): string | null {
  const host = text(attributes, 'server.address', 'net.peer.name', 'net.host.name');
  if (host === null) return null;
  const port = number(attributes, 'server.port', 'net.peer.port', 'net.host.port');
  return port === null ? host : `${host}:${port}`;
}

/** By the stable conventions, `rpc.method` has the service in it; before, that stood in `rpc.service`. */
function rpcPath(attributes: Fields, method: string | null, name: string): string {
  const service = text(attributes, 'rpc.service');
  if (method === null) return `/${name}`;
  return service === null || method.includes('/') ? `/${method}` : `/${service}/${method}`;
}

function rpcStatus(attributes: Fields): number | null {
  const code = attributes['rpc.response.status_code'] ?? attributes['rpc.grpc.status_code'];
  return typeof code === 'string' || typeof code === 'number' ? grpcCodeToHttp(code) : null;
}

function pathOfUrl(url: string | null): string | null {
  if (url === null) return null;
  const parsed = URL.parse(url);
  return parsed === null ? null : parsed.pathname + parsed.search;
}

function cut(from: string, at: string): readonly [string, string | null] {
  const index = from.indexOf(at);
  return index < 0 ? [from, null] : [from.slice(0, index), from.slice(index + 1) || null];
}

/** Nobody filters by longer ones, and they stand in every row. */
const longestText = 1_024;

function text(attributes: Fields, ...names: readonly string[]): string | null {
  for (const name of names) {
    const value = attributes[name];
    if (typeof value === 'string' && value !== '') return value.slice(0, longestText);
  }
  return null;
}

function number(attributes: Fields, ...names: readonly string[]): number | null {
  for (const name of names) {
    const value = attributes[name];
    // Some libraries send numbers as text.
    const read = typeof value === 'string' && value !== '' ? Number(value) : value;
    if (typeof read === 'number' && Number.isSafeInteger(read)) return read;
  }
  return null;
}
