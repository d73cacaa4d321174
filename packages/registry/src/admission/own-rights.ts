import type { Right } from '../access/access.ts';
import { type AskedRoute, discover, open, operate, type RightsOf, type RouteRights, textOf } from './route-rights.ts';

const register = (service: string): readonly Right[] => [{ kind: 'register', service }];
const registerNamed = ({ params }: AskedRoute): readonly Right[] => register(textOf(params, 'name'));
const instance = '/services/:name/instances/:id';

/** The rights that our own API needs. Every route has a row. */
const rows: RouteRights = {
  'GET /': open,
  'POST /register': ({ body }) => register(textOf(body, 'name')),
  'GET /service/:name': discover,
  'GET /services': discover,
  'GET /services/:name/instances': discover,
  [`GET ${instance}`]: discover,
  [`DELETE ${instance}`]: (request) => (textOf(request.query, 'force') === 'true' ? operate() : registerNamed(request)),
  [`PUT ${instance}/lease`]: registerNamed,
  [`PUT ${instance}/status`]: registerNamed,
  [`PUT ${instance}/draining`]: registerNamed,
  [`GET ${instance}/checks`]: discover,
  [`PUT ${instance}/checks/:check`]: registerNamed,
  [`DELETE ${instance}/checks/:check`]: registerNamed,
  [`PUT ${instance}/checks/:check/report`]: registerNamed,
  'GET /checks': discover,
  'GET /watch': discover,
  'GET /explain/:service': discover,
  'GET /guard': discover,
  'GET /trail': operate,
  'GET /prometheus/targets': discover,
  'GET /prometheus/targets/:name': discover,
  'PUT /log-level': operate,
  'GET /kv': ({ query }) => [{ kind: 'read-keys', prefix: textOf(query, 'prefix') }],
  'DELETE /kv': ({ query }) => [{ kind: 'write-keys', prefix: textOf(query, 'prefix') }],
  'GET /kv-watch': ({ query }) => [{ kind: 'read-keys', prefix: textOf(query, 'prefix') }],
  'GET /kv/*': ({ params }) => [{ kind: 'read-key', key: textOf(params, '*') }],
  'PUT /kv/*': ({ params }) => [{ kind: 'write-key', key: textOf(params, '*') }],
  'DELETE /kv/*': ({ params }) => [{ kind: 'write-key', key: textOf(params, '*') }],
};

/** The rights that a route of our own API needs. */
export function ownRights(method: string, pattern: string): RightsOf | undefined {
  return rows[`${method} ${pattern}`];
}
