import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { versionOf } from './installed.ts';
import type { ProxyKind } from './proxy-kind.ts';

/** HAProxy in HTTP mode, with connections to the upstream shared among clients. */
export const haproxy: ProxyKind = {
  name: 'haproxy',
  title: 'HAProxy',
  prepare() {
    const version = versionOf('haproxy', '-v');
    return version === undefined ? { skipped: 'haproxy is not installed' } : { version };
  },
  launch({ port, upstreamPort, workers, tls, folder }) {
    const scheme = tls === undefined ? 'http' : 'https';
    const file = path.join(folder, 'haproxy.cfg');
    writeFileSync(
      file,
      `global
  nbthread ${workers}
  maxconn 8192
defaults
  mode http
  timeout connect 5s
  timeout client 1h
  timeout server 1m
  timeout http-keep-alive 1h
  http-reuse always
  option forwardfor
frontend clients
  bind 127.0.0.1:${port} backlog 4096${tls === undefined ? '' : ` ssl crt ${tls.bothFile} ssl-min-ver TLSv1.2`}
  http-request set-header X-Forwarded-Proto ${scheme}
  http-request set-header X-Forwarded-Host %[req.hdr(host)]
  http-request set-header Via "1.1 haproxy"
  http-request set-header X-Request-Id %[uuid()]
  default_backend behind
backend behind
  server one 127.0.0.1:${upstreamPort} pool-max-conn 256
`,
    );
    return { command: 'haproxy', args: ['-db', '-f', file] };
  },
};
