import type { IncomingHttpHeaders } from 'node:http';
import { type Clock } from '@flotilla/contracts';
import { type CallFailure, nodeTransport, sendRequest, type Transport } from '@flotilla/contracts/http-client';
import { readHttpUrls } from '@flotilla/contracts/registry-urls';
import { unsampled } from './unsampled.ts';

/** A request to the registry. */
export interface RegistryCall {
  /** Default `GET`. */
  readonly method?: string;
  /** With the query, relative to the registry's URL: `services?limit=10`. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  /** Default 5 s: a registry answers in milliseconds. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** What the registry answers, of any status. */
export interface RegistryAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** The registry did not answer. The message says for people why, and what to do. */
export class RegistryAway extends Error {}

/** A list of some 20,000 instances. */
const longestAnswerBytes = 16 * 1024 * 1024;
const defaultTimeoutMs = 5_000;

/** Requests to our registry, wherever it is: several addresses are tried in turn. */
export class RegistryHttp {
  readonly #urls: readonly URL[];
  readonly #token: string | undefined;
  readonly #clock: Clock;
  readonly #transport: Transport;
  #current = 0;

  private constructor(urls: readonly URL[], token: string | undefined, clock: Clock, transport: Transport) {
    this.#urls = urls;
    this.#token = token;
    this.#clock = clock;
    this.#transport = transport;
  }

  /** Undefined if `REGISTRY_URL` names a registry of another kind, which has no such API. */
  static of(
    url: string,
    options: { readonly token: string | undefined; readonly clock: Clock; readonly transport?: Transport },
  ): RegistryHttp | undefined {
    const read = readHttpUrls(url);
    if (!read.ok) return undefined;
    return new RegistryHttp(read.value, options.token, options.clock, options.transport ?? nodeTransport());
  }

  /** Sends a request. Rejects with {@link RegistryAway} if nobody answers. */
  async call({
    method = 'GET',
    path,
    headers,
    body,
    timeoutMs = defaultTimeoutMs,
    signal,
  }: RegistryCall): Promise<RegistryAnswer> {
    let failure: CallFailure | undefined;
    for (let attempt = 0; attempt < this.#urls.length; attempt += 1) {
      const base = this.#base;
      const result = await sendRequest({
        transport: this.#transport,
        method,
        url: new URL(path, base),
        headers: {
          accept: 'application/json',
          ...unsampled(),
          ...headers,
          ...(this.#token === undefined ? {} : { authorization: `Bearer ${this.#token}` }),
        },
        body,
        timeoutMs,
        maxBodyBytes: longestAnswerBytes,
        signal,
        clock: this.#clock,
      });
      if (result.kind === 'answer') return result.answer;
      failure = result;
      // Others are only asked where nothing can have happened.
      if (result.kind !== 'refused') break;
      this.#current = (this.#current + 1) % this.#urls.length;
    }
    throw new RegistryAway(
      `The registry at ${this.#base.origin} ${reasonOf(failure)}. Check that it runs, and that REGISTRY_URL has its address.`,
      { cause: failure },
    );
  }

  close(): void {
    this.#transport.close();
  }

  get #base(): URL {
    const url = this.#urls[this.#current] ?? new URL('http://127.0.0.1:8500');
    return new URL(url.pathname.replace(/\/?$/, '/'), url);
  }
}

function reasonOf(failure: CallFailure | undefined): string {
  switch (failure?.kind) {
    case 'timeout':
      return `has not answered within ${failure.timeoutMs / 1_000} s`;
    case 'invalid':
      return `gave an answer that cannot be read: ${failure.reason}`;
    case 'unsendable':
      return 'cannot be asked this';
    case 'reset':
      return 'closed the connection';
    case 'refused':
    case 'cancelled':
    case undefined:
      return 'cannot be reached';
    default:
      return failure satisfies never;
  }
}
