import { get, put, type Step } from '../step.ts';

/** The cluster, as clients look at it. */
export const clusterSteps: readonly Step[] = [
  get('status leader', '/v1/status/leader', { only: [] }),
  get('status peers', '/v1/status/peers', { only: ['$.length'] }),
  put('status leader by PUT', '/v1/status/leader'),
  get('coordinates', '/v1/coordinate/nodes', { only: [] }),
  get('access control', '/v1/acl/tokens'),
  get('access control bootstrap', '/v1/acl/bootstrap'),
  get('events', '/v1/event/list'),
  get('queries', '/v1/query'),
  get('the root', '/v1/'),
];
