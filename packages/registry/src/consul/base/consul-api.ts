import type { HttpApp } from '@flotilla/kit/http';
import type { RequestAccess } from '../../admission/request-access.ts';
import { type Answer, render } from './answer.ts';
import { answerRead, type Read, type ReadContext } from './blocking-read.ts';
import type { Asked, Call, Replying } from './call.ts';
import { Parameters, type QueryOptions, readQueryOptions, requireDatacenter } from './query-options.ts';
import { Refusal } from './refusal.ts';
import { sendRendered } from './send-rendered.ts';

/** What all routes share. */
export interface ConsulApiOptions extends ReadContext {
  readonly datacenter: string;
  readonly access: RequestAccess;
}

/** How a route is logged: `debug` is for what clients do every few seconds. */
interface RouteOptions {
  readonly log?: 'info' | 'debug';
  /** The largest body, in bytes. Default the app's. */
  readonly bodyLimitBytes?: number;
}

type Handler = (call: Call) => Answer | Promise<Answer>;

/**
 * Adds the routes of Consul's API to an app: what they throw and return becomes an answer as Consul gives it. A path that ends in
 * `/*` takes whatever comes after it, also slashes: ids and keys may have them.
 */
export class ConsulApi {
  readonly options: ConsulApiOptions;
  readonly #app: HttpApp;

  constructor(app: HttpApp, options: ConsulApiOptions) {
    this.#app = app;
    this.options = options;
  }

  /** A query, with an index to wait for. */
  read(path: string, plan: (call: Call, options: QueryOptions) => Read): void {
    this.#add('GET', path, { log: 'debug' }, (call, reply) => {
      const options = readQueryOptions(call.parameters, this.options.datacenter);
      return answerRead(call.request, reply, options, plan(call, options), this.options);
    });
  }

  /** A question without an index. */
  get(path: string, handle: Handler): void {
    this.#add('GET', path, { log: 'debug' }, (call, reply) => this.#answer(call, reply, handle));
  }

  put(path: string, handle: Handler, options: RouteOptions = {}): void {
    this.#add('PUT', path, options, (call, reply) => this.#answer(call, reply, handle));
  }

  delete(path: string, handle: Handler): void {
    this.#add('DELETE', path, {}, (call, reply) => this.#answer(call, reply, handle));
  }

  async #answer(call: Call, reply: Replying, handle: Handler): Promise<Replying> {
    requireDatacenter(call.parameters, this.options.datacenter);
    return sendRendered(reply, render(await handle(call), call.parameters.has('pretty')));
  }

  #add(
    method: 'GET' | 'PUT' | 'DELETE',
    path: string,
    { log = 'info', bodyLimitBytes }: RouteOptions,
    answer: (call: Call, reply: Replying) => Promise<Replying>,
  ): void {
    this.#app.route({
      method,
      url: path,
      config: { requestLogLevel: log },
      ...(bodyLimitBytes === undefined ? {} : { bodyLimit: bodyLimitBytes }),
      handler: async (request, reply) => {
        try {
          return await answer(callOf(request, this.options.access), reply);
        } catch (error) {
          if (!(error instanceof Refusal)) throw error;
          return sendRendered(reply, render({ status: error.status, text: error.message }, false));
        }
      },
    });
  }
}

function callOf(request: Asked, access: RequestAccess): Call {
  const { params } = request;
  const rest = typeof params === 'object' && params !== null && '*' in params ? String(params['*']) : '';
  return { request, parameters: new Parameters(request.query), rest, access };
}
