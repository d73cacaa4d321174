import type { Clock } from '@flotilla/contracts';
import { nodeTransport, sendRequest, type Transport } from '@flotilla/contracts/http-client';
import { readJson } from '@flotilla/contracts/json';
import type { GatewayRoutes, RouteExplanation } from '../wire/index.ts';
import { unsampled } from './unsampled.ts';

/** What {@link Gateway} needs. */
export interface GatewayOptions {
  /** Where it serves operators: its port for them, or its main port if it has none. */
  readonly url: string;
  readonly clock: Clock;
  readonly transport?: Transport;
}

/** The gateway cannot be asked. The message says for people why, and what to do. */
export class GatewayAway extends Error {}

/** The gateway has refused a question. `detail` says for people what is wrong with it. */
export class QuestionRefused extends Error {}

const timeoutMs = 5_000;
const longestAnswerBytes = 8 * 1024 * 1024;

/** What the gateway tells operators. */
export class Gateway {
  readonly #url: URL;
  readonly #clock: Clock;
  readonly #transport: Transport;

  constructor({ url, clock, transport = nodeTransport() }: GatewayOptions) {
    this.#url = new URL(url);
    this.#clock = clock;
    this.#transport = transport;
  }

  /** Its routes and the instances behind it. `language` is what `Accept-Language` says; undefined: whatever the gateway has. */
  async routes(language?: string): Promise<GatewayRoutes> {
    const [routes, upstreams] = await Promise.all([
      this.#ask('GET', 'flotilla/routes', { language }),
      this.#ask('GET', 'flotilla/upstreams', { language }),
    ]);
    // What our own gateway of the same version sends.
    return { ...(routes as Pick<GatewayRoutes, 'routes'>), ...(upstreams as Pick<GatewayRoutes, 'services'>) };
  }

  /** The instances behind it. */
  async upstreams(): Promise<GatewayRoutes['services']> {
    // As above.
    return ((await this.#ask('GET', 'flotilla/upstreams')) as Pick<GatewayRoutes, 'services'>).services;
  }

  /** What it would do with a request, in that language. `question` is checked by the gateway. */
  async explain(question: unknown, language?: string): Promise<RouteExplanation> {
    const asked = { body: JSON.stringify(question), language };
    return (await this.#ask('POST', 'flotilla/explain', asked)) as RouteExplanation;
  }

  close(): void {
    this.#transport.close();
  }

  async #ask(
    method: string,
    path: string,
    { body, language }: { readonly body?: string; readonly language?: string | undefined } = {},
  ): Promise<unknown> {
    const result = await sendRequest({
      transport: this.#transport,
      method,
      url: new URL(path, new URL(this.#url.pathname.replace(/\/?$/, '/'), this.#url)),
      headers: {
        accept: 'application/json',
        ...(language === undefined ? {} : { 'accept-language': language }),
        ...unsampled(),
      },
      body,
      timeoutMs,
      maxBodyBytes: longestAnswerBytes,
      signal: undefined,
      clock: this.#clock,
    });
    const where = `The gateway at ${this.#url.origin}`;
    if (result.kind !== 'answer')
      throw new GatewayAway(
        `${where} cannot be asked for its routes (${result.kind}). Check that it runs, and that GATEWAY_URL has its address.`,
      );
    const read = readJson(result.answer.body);
    const { status } = result.answer;
    if (status === 200 && read.ok) return read.value;
    if (status === 400 && read.ok) throw new QuestionRefused(detailOf(read.value));
    if (status === 404)
      throw new GatewayAway(
        `${where} tells nothing of its routes here. If it has a port for operators (ADMIN_PORT), set GATEWAY_ADMIN_URL of the dashboard to that; if it is of an earlier release, update it.`,
      );
    throw new GatewayAway(`${where} answers ${status} when it is asked for its routes. See its log.`);
  }
}

function detailOf(problem: unknown): string {
  if (typeof problem !== 'object' || problem === null) return 'The gateway does not understand this request.';
  const { detail, title } = problem as Readonly<Record<string, unknown>>; // Of an object any name can be asked for.
  return [detail, title].find((text) => typeof text === 'string') ?? 'The gateway does not understand this request.';
}
