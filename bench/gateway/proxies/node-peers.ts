import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
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
      const problem = install();
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

/** Installs exactly what the lock file says, unless that is there. The reason when it can't. */
function install(): string | undefined {
  const lock = path.join(folder, 'package-lock.json');
  const done = path.join(folder, 'node_modules/.package-lock.json');
  if (existsSync(done) && statSync(done).mtimeMs >= statSync(lock).mtimeMs) return undefined;
  process.stderr.write('bench: installing the Node proxies to compare with into bench/gateway/peers/node_modules\n');
  const npm = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: folder,
    encoding: 'utf8',
    timeout: 120_000,
  });
  return npm.status === 0 ? undefined : `npm could not install it: ${npm.stderr.trim().split('\n')[0] ?? 'timeout'}`;
}
