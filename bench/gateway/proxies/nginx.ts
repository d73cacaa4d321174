import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { versionOf } from './installed.ts';
import type { ProxyKind } from './proxy-kind.ts';

/**
 * nginx with kept connections on both sides, no file in between, and the fields a gateway is expected to set. Its
 * buffers are larger than by default, which helps it with large bodies and does nothing for small ones.
 */
export const nginx: ProxyKind = {
  name: 'nginx',
  title: 'nginx',
  prepare() {
    const version = versionOf('nginx', '-v');
    return version === undefined ? { skipped: 'nginx is not installed' } : { version };
  },
  launch({ port, upstreamPort, workers, tls, folder }) {
    const secure =
      tls === undefined
        ? ''
        : `ssl_certificate ${tls.certFile};
    ssl_certificate_key ${tls.keyFile};
    ssl_protocols TLSv1.2 TLSv1.3;`;
    return nginxLaunch(folder, workers, {
      http: `upstream behind {
    server 127.0.0.1:${upstreamPort};
    keepalive 256;
    keepalive_requests 1000000000;
  }`,
      server: `listen 127.0.0.1:${port}${tls === undefined ? '' : ' ssl'} backlog=4096${workers > 1 ? ' reuseport' : ''};
    ${secure}
    client_max_body_size 10m;
    location / {
      proxy_pass http://behind;
      proxy_http_version 1.1;
      proxy_request_buffering off;
      proxy_max_temp_file_size 0;
      proxy_buffers 8 32k;
      proxy_busy_buffers_size 64k;
      proxy_set_header Connection "";
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_set_header X-Forwarded-Proto $scheme;
      proxy_set_header X-Forwarded-Host $http_host;
      proxy_set_header Via "$server_protocol nginx";
      proxy_set_header X-Request-Id $request_id;
    }`,
    });
  },
};

/** Writes a configuration into a folder and tells how to run nginx with it, in the foreground. */
export function nginxLaunch(
  folder: string,
  workers: number,
  parts: { readonly http: string; readonly server: string },
): { command: string; args: readonly string[] } {
  for (const name of ['body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']) {
    mkdirSync(path.join(folder, name), { recursive: true });
  }
  const file = path.join(folder, 'nginx.conf');
  writeFileSync(
    file,
    `daemon off;
user root;
worker_processes ${workers};
worker_rlimit_nofile 20000;
pid ${folder}/nginx.pid;
error_log stderr error;
events { worker_connections 8192; }
http {
  access_log off;
  default_type application/json;
  tcp_nodelay on;
  keepalive_timeout 3600;
  keepalive_requests 1000000000;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  ${parts.http}
  server {
    ${parts.server}
  }
}
`.replace('user root;\n', process.getuid?.() === 0 ? 'user root;\n' : ''),
  );
  return { command: 'nginx', args: ['-e', 'stderr', '-c', file] };
}
