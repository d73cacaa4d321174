import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { nginxLaunch } from '../proxies/nginx.ts';
import type { Launch } from '../proxies/proxy-kind.ts';
import { answers, wantedFields } from './answers.ts';

/** nginx that serves the answers from files: the cheapest upstream there is, so the proxy is what limits. */
export function nginxUpstream(folder: string, port: number): Launch {
  const files = path.join(folder, 'files');
  mkdirSync(files, { recursive: true });
  for (const [name, text] of Object.entries(answers)) writeFileSync(path.join(files, name), text);
  const insist = wantedFields
    .map((name) => `if ($http_${name.replaceAll('-', '_')} = "") { return 500; }`)
    .join('\n      ');
  return nginxLaunch(folder, 1, {
    http: 'open_file_cache max=100; sendfile on; tcp_nopush on;',
    server: `listen 127.0.0.1:${port} backlog=4096;
    root ${files};
    location / {
      ${insist}
    }`,
  });
}
