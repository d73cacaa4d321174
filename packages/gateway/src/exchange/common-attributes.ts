import type { Attributes } from '@flotilla/kit/telemetry';
import type { Upstream } from '../upstream/upstream.ts';
import type { ExchangeRecord } from './exchange-record.ts';
import { shownMethod } from './shown-method.ts';

/** Methods, statuses and versions are few; more are not worth remembering. */
const maxKnown = 500;

/**
 * What many spans say alike, as objects that are made once: so they are written once as well. They are kept by what they are about,
 * and go with it.
 */
export class CommonAttributes {
  readonly #upstreams = new WeakMap<Upstream, Attributes>();
  readonly #routes = new WeakMap<object, Map<string, Attributes>>();
  /** Of requests that no route has taken. */
  readonly #unrouted = {};

  /** Of the attempts at an upstream. */
  ofUpstream(upstream: Upstream): Attributes {
    const known = this.#upstreams.get(upstream);
    if (known !== undefined) return known;
    const attributes: Attributes = {
      'server.address': upstream.address,
      'server.port': upstream.port,
      // What draws an arrow to a service that was not reached, and so has no span of its own.
      'peer.service': upstream.service,
      'flotilla.upstream': upstream.id,
    };
    this.#upstreams.set(upstream, attributes);
    return attributes;
  }

  /** Of the answers of one status to the requests of a route. */
  ofAnswers({ head, route, status }: ExchangeRecord): Attributes {
    const of = this.#ofRoute(route ?? this.#unrouted);
    const method = (head === undefined ? undefined : shownMethod(head.method)) ?? '_OTHER';
    const [scheme, version] = [head?.scheme ?? 'http', head?.httpVersion];
    const key = `${status} ${method} ${scheme} ${version ?? ''}`;
    const known = of.get(key);
    if (known !== undefined) return known;
    const attributes: Attributes = {
      'http.request.method': method,
      'http.route': route?.template,
      'http.response.status_code': status === 0 ? undefined : status,
      'url.scheme': scheme,
      'network.protocol.version': version === '2.0' ? '2' : version,
    };
    if (of.size >= maxKnown) of.clear();
    of.set(key, attributes);
    return attributes;
  }

  #ofRoute(route: object): Map<string, Attributes> {
    const known = this.#routes.get(route);
    if (known !== undefined) return known;
    const made = new Map<string, Attributes>();
    this.#routes.set(route, made);
    return made;
  }
}
