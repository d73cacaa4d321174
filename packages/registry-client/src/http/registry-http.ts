import { type Clock, systemClock } from '@flotilla/contracts';
import {
  type CallFailure,
  nodeTransport,
  sendRequest,
  type Transport,
  type WholeAnswer,
} from '@flotilla/contracts/http-client';
import { readJson } from '@flotilla/contracts/json';
import type { RegistryOptions } from '../registry-kind.ts';
import type { ClientLogger } from '../retry/outage-log.ts';
import { RegistryAddresses } from '../retry/registry-addresses.ts';

/** What the calls to one registry share. */
export interface RegistryHttp {
  readonly addresses: RegistryAddresses;
  readonly transport: Transport;
  readonly clock: Clock;
  /** The longest one call may take, from sending to the last byte of the answer, in milliseconds. */
  readonly requestTimeoutMs: number;
  /** The header fields that show who is asking. */
  readonly credentials: Readonly<Record<string, string>>;
}

/** What registrar and discovery of a kind over HTTP have in common. */
export interface RegistryHttpParts extends RegistryHttp {
  readonly random: () => number;
  readonly logger: ClientLogger;
}

/** The parts for one registry, with the defaults of the options. */
export function registryHttp(
  urls: readonly URL[],
  options: RegistryOptions,
  credentials: Readonly<Record<string, string>> = {},
): RegistryHttpParts {
  return {
    addresses: new RegistryAddresses(urls),
    transport: options.transport ?? nodeTransport(),
    clock: options.clock ?? systemClock,
    requestTimeoutMs: options.requestTimeoutMs ?? 3_000,
    random: options.random ?? Math.random,
    logger: options.logger,
    credentials,
  };
}

/** One request to a registry. */
export interface RegistryRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is, instead of a body. */
  readonly text?: string | undefined;
  readonly signal: AbortSignal;
  /** Default: the registry's `requestTimeoutMs`. */
  readonly timeoutMs?: number;
  /** The largest answer that is read. Default 1 MiB: one instance with all its metadata is far below. */
  readonly maxBodyBytes?: number;
  /** Whether it may be sent again where a kept connection was lost. Default true: registering twice is registering once. */
  readonly mayRepeat?: boolean;
}

/** Sends one request, and rejects with what tells best why this registry could not be asked. An answer of any status is an answer. */
export async function askRegistry(http: RegistryHttp, request: RegistryRequest): Promise<WholeAnswer> {
  const { transport, clock, requestTimeoutMs, credentials } = http;
  const { body, text, timeoutMs = requestTimeoutMs, maxBodyBytes = 1_048_576, mayRepeat = true, ...call } = request;
  const result = await sendRequest({
    ...{ ...call, transport, clock, timeoutMs, maxBodyBytes, mayRepeat },
    headers: { accept: 'application/json', ...credentials, ...request.headers },
    body: text ?? (body === undefined ? undefined : JSON.stringify(body)),
  });
  if (result.kind !== 'answer') throw asError(result);
  return result.answer;
}

/** A failed call as what tells best why this registry could not be asked. */
function asError(failure: CallFailure): unknown {
  switch (failure.kind) {
    case 'timeout':
      return notInTime(failure.timeoutMs);
    case 'invalid':
      return new Error(failure.reason, { cause: failure.cause });
    case 'unsendable':
    case 'refused':
    case 'reset':
    case 'cancelled':
      return failure.cause;
    default:
      return failure satisfies never;
  }
}

/** A registry took too long. */
export function notInTime(limitMs: number): Error {
  return new Error(`it did not answer within ${Math.round(limitMs)} ms`);
}

/** What is at the registry's address may be anybody's server: its answer is checked before a tree is made of it. */
export function jsonIn(bytes: Uint8Array): unknown {
  const read = readJson(bytes);
  if (!read.ok) throw new Error(`the answer cannot be read as JSON (${read.problem})`);
  return read.value;
}
