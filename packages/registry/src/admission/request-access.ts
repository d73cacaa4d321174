import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { type AppError, clientNetwork, isAppError } from '@flotilla/contracts';
import type { HttpApp } from '@flotilla/kit/http';
import type { Access, Right } from '../access/access.ts';
import type { AccessGate } from '../access/access-gate.ts';
import { shownToken } from '../access/shown-token.ts';
import type { Actor } from '../write/actor.ts';
import { type AskedRoute, type RightsOf, textOf } from './route-rights.ts';

/** A request, as far as it matters here. */
interface Asking extends AskedRoute {
  readonly raw: Pick<IncomingMessage, 'socket'>;
  readonly headers: IncomingHttpHeaders;
  readonly ip: string;
  readonly log: { warn(fields: object, message: string): void; debug(fields: object, message: string): void };
}

/** Who sends a request, and where it is logged. */
export type Sender = Pick<Asking, 'raw' | 'ip' | 'log'>;

/** How a scope is guarded. */
export interface GuardOptions {
  /** The rights that a route needs: `PUT /register`. Undefined: the route may not be added. */
  readonly rightsOf: (method: string, pattern: string) => RightsOf | undefined;
  /** The query parameter that may hold the token. Default: none, as addresses stand in logs. */
  readonly tokenParameter?: string;
}

/** Who sends a request, and what they may do. One for all APIs of a registry. */
export class RequestAccess {
  readonly #gate: AccessGate;
  readonly #known = new WeakMap<object, Access>();

  constructor(gate: AccessGate) {
    this.#gate = gate;
  }

  /**
   * Lets every route of `scope` that is added later run only for those who may. Throws, when a route is added that `rightsOf`
   * says nothing of.
   */
  guard(scope: HttpApp, { rightsOf, tokenParameter }: GuardOptions): void {
    scope.addHook('onRoute', ({ method, url }) => {
      for (const one of [method].flat())
        if (one !== 'HEAD' && rightsOf(one, url) === undefined)
          throw new Error(
            `Nothing says who may ask for ${one} ${url}: add it to the table of rights in registry/src/admission`,
          );
    });
    scope.addHook('preHandler', (request, _reply, done) => {
      if (this.#gate.isOpen) return done();
      const method = request.method === 'HEAD' ? 'GET' : request.method;
      const needed = rightsOf(method, request.routeOptions.url ?? '')?.(request) ?? [];
      try {
        const parameter = tokenParameter === undefined ? undefined : textOf(request.query, tokenParameter);
        const access = this.#gate.accessOf(shownToken(request.headers, parameter));
        this.#known.set(request, access);
        for (const right of needed) access.require(right);
        done();
      } catch (error) {
        if (!isAppError(error)) throw error;
        report(request, needed, error);
        // What is open to all is so for those with a token that is not known, too: probes go on while a token is changed.
        if (!needed.every(({ kind }) => kind === 'open')) return done(error);
        // The writes of other registries' APIs ask for their rights later: then they are told what is wrong with the token.
        this.#known.set(request, this.#gate.refused(error));
        done();
      }
    });
  }

  /**
   * What the sender of a request that has passed the guard may do. A token that is not taken passes where everybody may ask, and
   * gives no right there.
   */
  accessOf(request: object): Access {
    return this.#known.get(request) ?? this.#gate.unknown;
  }

  /** Who has sent a request, for the audit trail. What they may not do is logged when it is asked for. */
  actorOf(request: Sender, via: Actor['via']): Actor {
    const { remoteAddress } = request.raw.socket;
    const access = this.accessOf(request);
    const accessor = access.name;
    return {
      via,
      ...(remoteAddress === undefined ? {} : { client: clientNetwork(remoteAddress) }),
      ...(accessor === undefined
        ? {}
        : { accessor, access: { require: (right) => requireLogged(access, right, request) } }),
    };
  }
}

const readings: ReadonlySet<Right['kind']> = new Set(['open', 'discover', 'read-key', 'read-keys']);

/** A write that is refused is for operators to see; a reading is not worth a line for each of its repetitions. */
function report(request: Sender, needed: readonly Right[], error: AppError): void {
  const fields = { client: request.ip, reason: error.detail, code: error.code };
  if (needed.every(({ kind }) => readings.has(kind))) request.log.debug(fields, 'request refused');
  else request.log.warn(fields, 'request refused');
}

function requireLogged(access: Access, right: Right, request: Sender): void {
  try {
    access.require(right);
  } catch (error) {
    if (isAppError(error)) report(request, [right], error);
    throw error;
  }
}
