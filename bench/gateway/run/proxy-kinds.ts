import { flotilla } from '../proxies/flotilla.ts';
import { goTuned, goTutorial } from '../proxies/go.ts';
import { haproxy } from '../proxies/haproxy.ts';
import { nginx } from '../proxies/nginx.ts';
import { fastifyHttpProxy, httpProxy } from '../proxies/node-peers.ts';
import type { ProxyKind } from '../proxies/proxy-kind.ts';

/** All that can take part, in the order of the report. */
export const proxyKinds: readonly ProxyKind[] = [
  flotilla,
  nginx,
  haproxy,
  goTuned,
  goTutorial,
  fastifyHttpProxy,
  httpProxy,
];

/** What everything is compared with. */
export const reference = 'nginx';

/** Those whose cost ours is to be near: the slowest of them sets the half load. */
export const nearest: readonly string[] = ['flotilla', 'nginx', 'haproxy'];
