import { readFileSync } from 'node:fs';
import path from 'node:path';
import { installPeers } from '../../install-peers.ts';
import type { LaunchOrSkip, ProxyKind } from './proxy-kind.ts';

const folder = path.join(import.meta.dirname, '../peers');

export const fastifyHttpProxy: ProxyKind = nodePeer('fastify-http-proxy', '@fastify/http-proxy');
export const httpProxy: ProxyKind = nodePeer('http-proxy', 'http-proxy');

/** A proxy from npm, installed at its first use into a folder of its own, which git ignores. */
function nodePeer(name: string, packageName: string): ProxyKind {
  return {
    name,
    title: packageName,
    prepare() {
      const problem = installPeers(folder);
      if (problem !== undefined) return { skipped: problem };
      const manifest = readFileSync(path.join(folder, 'node_modules', packageName, 'package.json'), 'utf8');
      return { version: /"version": *"([^"]+)"/.exec(manifest)?.[1] ?? 'unknown' };
    },
    launch({ port, upstreamPort, workers, tls }): LaunchOrSkip {
      if (workers > 1) return { skipped: 'one process only' };
      return {
        command: process.execPath,
        args: [
          path.join(folder, `${name}.mjs`),
          String(port),
          String(upstreamPort),
          ...(tls === undefined ? [] : [tls.certFile, tls.keyFile]),
        ],
        // Errors would be built with more detail than in production.
        env: { NODE_ENV: 'production' },
      };
    },
  };
}
