import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { versionOf } from './installed.ts';
import type { LaunchOrSkip, ProxyKind } from './proxy-kind.ts';

const sources = path.join(import.meta.dirname, '../peers');
const built = path.join(import.meta.dirname, '../../../.flotilla/bench');

/** The tutorial's gateway: a ReverseProxy made for each request, on Go's default transport. */
export const goTutorial: ProxyKind = goProxy('go-tutorial', "Go, the tutorial's");

/** One ReverseProxy with a transport that keeps its connections, and buffers that are used again. */
export const goTuned: ProxyKind = goProxy('go-tuned', 'Go, tuned');

function goProxy(name: string, title: string): ProxyKind {
  const program = path.join(built, name);
  return {
    name,
    title,
    prepare() {
      const version = versionOf('go', 'version');
      if (version === undefined) return { skipped: 'go is not installed' };
      mkdirSync(built, { recursive: true });
      // Go's own cache makes this quick when nothing has changed.
      const build = spawnSync('go', ['build', '-o', program, path.join(sources, `${name}.go`)], {
        encoding: 'utf8',
        timeout: 120_000,
        env: { ...process.env, CGO_ENABLED: '0' },
      });
      return build.status === 0 ? { version } : { skipped: `it could not be built: ${build.stderr.trim()}` };
    },
    launch({ port, upstreamPort, workers, tls }): LaunchOrSkip {
      return {
        command: program,
        args: [String(port), String(upstreamPort), ...(tls === undefined ? [] : [tls.certFile, tls.keyFile])],
        env: { GOMAXPROCS: String(workers) },
      };
    },
  };
}
