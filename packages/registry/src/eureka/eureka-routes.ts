import { AppError, type Clock } from '@flotilla/contracts';
import type { HttpApp } from '@flotilla/kit/http';
import { AccessGate } from '../access/access-gate.ts';
import { eurekaRights } from '../admission/eureka-rights.ts';
import { RequestAccess } from '../admission/request-access.ts';
import type { Registry } from '../registry.ts';
import type { Actor } from '../write/actor.ts';
import { Applications, type Member } from './applications.ts';
import { Documents } from './documents.ts';
import { eurekaDialect } from './eureka-dialect.ts';
import {
  acceptsGzip,
  appSchema,
  dirtyMsOf,
  formatOf,
  keySchema,
  placeSchema,
  queryTexts,
  statusOf,
} from './eureka-requests.ts';
import { EurekaWrites } from './eureka-writes.ts';
import { batchSchema, replicate } from './replicate.ts';
import { SentBodies } from './sent-bodies.ts';
import { serverStatus } from './server-status.ts';
import { virtualAddresses } from './show-instance.ts';
import type { AddressRules } from './stored-instance.ts';

/** How the Eureka API works. */
export interface EurekaRoutesOptions extends AddressRules {
  readonly clock: Clock;
  /** Who may do what. Default: everybody may do everything. */
  readonly access?: RequestAccess;
}

/** What of a request matters to what is sent. */
interface Asked {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}
interface Reply {
  type(mediaType: string): unknown;
  header(name: string, value: string): unknown;
}

/** What the handlers share; made when the first request comes. */
interface Parts {
  readonly applications: Applications;
  readonly documents: Documents;
  readonly bodies: SentBodies;
  readonly writes: EurekaWrites;
}

/** Puts the Eureka API on an app: at `/eureka/…`, where Spring's clients look for it, and at `/eureka/v2/…`. */
export function eurekaRoutes(app: HttpApp, registry: Registry, options: EurekaRoutesOptions): void {
  let made: Parts | undefined;
  const parts = (): Parts => {
    made ??= makeParts(registry, options);
    made.applications.follow();
    return made;
  };
  const access = options.access ?? new RequestAccess(new AccessGate(options));
  app.dialects.add({ prefix: '/eureka', dialect: eurekaDialect }, (scope) => {
    access.guard(scope, { rightsOf: eurekaRights });
    for (const base of ['', '/v2']) {
      for (const slash of ['', '/']) {
        addReads(scope, base, slash, parts);
        addWrites(scope, base, slash, parts, access);
      }
    }
  });
}

function makeParts(registry: Registry, options: EurekaRoutesOptions): Parts {
  const { clock } = options;
  const applications = new Applications(registry, clock);
  const nowMs = (): number => clock.monotonicMs();
  return {
    applications,
    documents: new Documents(applications, nowMs),
    bodies: new SentBodies(nowMs),
    writes: new EurekaWrites({ ...options, registry, applications }),
  };
}

function addReads(scope: HttpApp, base: string, slash: string, parts: () => Parts): void {
  const list = async (request: Asked, reply: Reply, which: 'all' | 'delta'): Promise<Buffer> => {
    const { applications, documents, bodies } = parts();
    const format = formatOf(request.headers);
    reply.type(`application/${format.media}`);
    reply.header('vary', 'accept, accept-encoding, x-eureka-accept');
    const key = `${which} ${format.media} ${format.form}`;
    const { version } = applications;
    const sent = await bodies.body(key, version, acceptsGzip(request.headers), () => documents[which](format));
    if (sent.isCompressed) reply.header('content-encoding', 'gzip');
    return sent.bytes;
  };
  const one = (request: Asked, reply: Reply, text: string): Buffer => {
    reply.type(`application/${formatOf(request.headers).media}`);
    return Buffer.from(text);
  };
  const chosen = async (request: Asked, reply: Reply, choose: (member: Member) => boolean): Promise<Buffer> =>
    one(request, reply, await parts().documents.chosen(choose, formatOf(request.headers)));

  scope.get(`${base}/apps${slash}`, (request, reply) => list(request, reply, 'all'));
  scope.get(`${base}/apps/delta${slash}`, (request, reply) => list(request, reply, 'delta'));
  scope.get(`${base}/apps/:app${slash}`, { schema: { params: appSchema } }, async (request, reply) => {
    const { app } = request.params;
    const text = parts().documents.application(app, formatOf(request.headers));
    if (text === undefined) throw new AppError('SERVICE_NOT_FOUND', { parameters: { name: app } });
    return one(request, reply, text);
  });
  scope.get(`${base}/apps/:app/:id${slash}`, { schema: { params: placeSchema } }, async (request, reply) => {
    const { app, id } = request.params;
    const { applications, documents } = parts();
    const member = applications.find(app, id);
    if (member === undefined) throw new AppError('INSTANCE_NOT_FOUND', { parameters: { name: app, id } });
    return one(request, reply, documents.instance(member, formatOf(request.headers)));
  });
  scope.get(`${base}/instances/:key${slash}`, { schema: { params: keySchema } }, async (request, reply) => {
    const { key } = request.params;
    const { applications, documents } = parts();
    const member = applications.findAnywhere(key);
    if (member === undefined)
      throw new AppError('INSTANCE_NOT_FOUND', {
        parameters: { name: '*', id: key },
        detail: `No application has the instance ${key}`,
      });
    return one(request, reply, documents.instance(member, formatOf(request.headers)));
  });
  scope.get(`${base}/vips/:key${slash}`, { schema: { params: keySchema } }, async (request, reply) =>
    chosen(request, reply, (member) => hasAddress(virtualAddresses(member.view).vipAddress, request.params.key)),
  );
  scope.get(`${base}/svips/:key${slash}`, { schema: { params: keySchema } }, async (request, reply) =>
    chosen(request, reply, (member) => hasAddress(virtualAddresses(member.view).secureVipAddress, request.params.key)),
  );
  scope.get(`${base}/status${slash}`, async (request, reply) =>
    one(request, reply, serverStatus(formatOf(request.headers).media)),
  );
}

function addWrites(scope: HttpApp, base: string, slash: string, parts: () => Parts, access: RequestAccess): void {
  const actorOf = (request: Parameters<RequestAccess['actorOf']>[0]): Actor => access.actorOf(request, 'eureka');
  const apps = `${base}/apps/:app`;
  scope.post(`${apps}${slash}`, { schema: { params: appSchema } }, async (request, reply) => {
    await parts().writes.register(request.params.app, instanceOf(request.body), actorOf(request));
    return reply.code(204).send();
  });
  const schema = { params: placeSchema };
  scope.put(`${apps}/:id${slash}`, { schema }, async (request, reply) => {
    parts().writes.renew(request.params, dirtyMsOf(request.query), actorOf(request));
    return reply.code(200).send();
  });
  scope.delete(`${apps}/:id${slash}`, { schema }, async (request, reply) => {
    await parts().writes.cancel(request.params, actorOf(request));
    return reply.code(200).send();
  });
  scope.put(`${apps}/:id/status${slash}`, { schema }, async (request, reply) => {
    await parts().writes.override(request.params, statusOf(request.query), actorOf(request));
    return reply.code(200).send();
  });
  scope.delete(`${apps}/:id/status${slash}`, { schema }, async (request, reply) => {
    await parts().writes.override(request.params, undefined, actorOf(request));
    return reply.code(200).send();
  });
  scope.put(`${apps}/:id/metadata${slash}`, { schema }, async (request, reply) => {
    await parts().writes.addMetadata(request.params, queryTexts(request.query), actorOf(request));
    return reply.code(200).send();
  });
  scope.post(`${base}/peerreplication/batch${slash}`, { schema: { body: batchSchema } }, (request) =>
    replicate(parts().writes, request.body, actorOf(request)),
  );
}

/** What a body says of an instance: its element or field of that name, or all of it. */
function instanceOf(body: unknown): unknown {
  return typeof body === 'object' && body !== null && 'instance' in body ? body.instance : body;
}

/** Whether one of the addresses in a list with commas is this one. */
function hasAddress(list: string | undefined, address: string): boolean {
  const wanted = address.toLowerCase();
  return (list ?? '').split(',').some((each) => each.trim().toLowerCase() === wanted);
}
