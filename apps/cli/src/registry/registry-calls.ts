import { fieldMessage, readProblem } from '@flotilla/contracts';
import { readJson } from '@flotilla/contracts/json';
import { asSentence } from '@flotilla/contracts/sentence';
import type { Given } from '../arguments/given.ts';
import type { Cli } from '../arguments/verb.ts';
import { reasonOf } from '../inspect/ask-registry.ts';
import { findRegistry } from '../inspect/find-registry.ts';
import { Failed } from '../running/answer.ts';
import { NotRunning } from '../running/find-running.ts';

/** A registry answers in milliseconds; a person waits no longer than this. */
const limitMs = 5_000;

/** A request to the registry. */
export interface RegistryCall {
  /** Default `GET`. */
  readonly method?: string;
  readonly path: string;
  readonly body?: string | Uint8Array<ArrayBuffer>;
  /** Statuses besides success that are an answer. Default: none. */
  readonly expects?: readonly number[];
}

/** Requests to a registry on behalf of a person: what goes wrong is said with what to do about it. */
export class RegistryCalls {
  readonly url: URL;
  readonly #token: string | undefined;

  constructor(url: URL, token: string | undefined) {
    this.url = url;
    this.#token = token;
  }

  /** The registry that the command line means, with the token it was given. */
  static async of(given: Given, cli: Cli): Promise<RegistryCalls> {
    const token = given.value('--token') ?? cli.env['REGISTRY_TOKEN'] ?? '';
    return new RegistryCalls(await findRegistry(given, cli), token === '' ? undefined : token);
  }

  /** The value in an answer; undefined if there is none, or if its status is one that was expected besides success. */
  async call({ method = 'GET', path, body, expects = [] }: RegistryCall): Promise<unknown> {
    const response = await this.#send(path, { method, body, signal: AbortSignal.timeout(limitMs) });
    const bytes = Buffer.from(await response.arrayBuffer());
    if (expects.includes(response.status)) return undefined;
    if (!response.ok) throw this.#refusal(response.status, bytes);
    if (bytes.length === 0) return undefined;
    const read = readJson(bytes);
    if (!read.ok) throw new Failed(`The answer of ${this.url.origin} is not JSON, so it is not a Flotilla registry.`);
    return read.value;
  }

  /** A list of any length, page by page, and what the registry has to say about it. */
  async list(path: string): Promise<{ readonly items: readonly unknown[]; readonly notice: string | undefined }> {
    const items: unknown[] = [];
    let notice: string | undefined;
    let next: string | undefined = path;
    while (next !== undefined) {
      const response: Response = await this.#send(next, { signal: AbortSignal.timeout(limitMs) });
      const bytes = Buffer.from(await response.arrayBuffer());
      if (!response.ok) throw this.#refusal(response.status, bytes);
      const read = readJson(bytes);
      const page: unknown = read.ok ? read.value : undefined;
      if (!Array.isArray(page))
        throw new Failed(`The answer of ${this.url.origin} is not a list, so it is not a Flotilla registry.`);
      for (const item of page) items.push(item);
      notice ??= response.headers.get('x-registry-notice') ?? undefined;
      // Relative to the address that was asked: a proxy in front may have a path of its own.
      const link = /<\/?([^>]+)>\s*;\s*rel="?next"?/.exec(response.headers.get('link') ?? '')?.[1];
      // The token is for this registry alone.
      next = link !== undefined && new URL(link, this.url).origin === this.url.origin ? link : undefined;
    }
    return { items, notice };
  }

  /** A stream of server-sent events; `signal` ends it. */
  async stream(path: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
    const response = await this.#send(path, { signal, accept: 'text/event-stream' });
    if (!response.ok || response.body === null)
      throw this.#refusal(response.status, Buffer.from(await response.arrayBuffer()));
    return response.body;
  }

  async #send(
    path: string,
    {
      method = 'GET',
      body,
      signal,
      accept = 'application/json',
    }: {
      readonly method?: string;
      readonly body?: RegistryCall['body'];
      readonly signal: AbortSignal;
      readonly accept?: string;
    },
  ): Promise<Response> {
    const base = new URL(this.url.pathname.replace(/\/?$/, '/'), this.url);
    try {
      return await fetch(new URL(path, base), {
        method,
        ...(body === undefined ? {} : { body }),
        headers: {
          accept,
          'accept-language': 'en',
          ...(this.#token === undefined ? {} : { authorization: `Bearer ${this.#token}` }),
        },
        signal,
        redirect: 'manual',
      });
    } catch (error) {
      if (
        signal.aborted &&
        signal.reason === error &&
        !(error instanceof DOMException && error.name === 'TimeoutError')
      )
        throw error;
      const advice = 'Start the fleet: flotilla up; or name another registry: --registry http://host:8500';
      throw new NotRunning(`Cannot reach the registry at ${this.url.origin}: ${reasonOf(error)}. ${advice}`);
    }
  }

  #refusal(status: number, bytes: Uint8Array): Failed {
    const read = readJson(bytes);
    const problem = read.ok ? readProblem(read.value) : undefined;
    const fields = (problem?.fields ?? []).map((field) => `${field.field} ${fieldMessage(field, 'en')}`);
    const title = problem?.title ?? `It answered ${status}`;
    const said = problem?.detail ?? (fields.length === 0 ? title : `${title}: ${fields.join('; ')}`);
    const sentence = asSentence(said);
    if (status === 401 || status === 403) {
      const advice =
        this.#token === undefined
          ? 'Set REGISTRY_TOKEN, or pass --token.'
          : 'Check REGISTRY_TOKEN or --token, or ask for a token that may do this.';
      return new Failed(`The registry refuses this: ${sentence} ${advice}`, problem?.code ?? 'FORBIDDEN');
    }
    if (problem?.code === 'ROUTE_NOT_FOUND' || (status === 404 && problem === undefined))
      return new Failed(
        `The registry at ${this.url.origin} cannot do this: it is of an earlier release, or another program listens there. Update it, or correct the address.`,
        'NOT_SUPPORTED',
      );
    return new Failed(sentence, problem?.code ?? 'FAILED');
  }
}
