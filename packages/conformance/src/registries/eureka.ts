import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { freePort } from '@flotilla/testing';
import { type Engine, engineCache, findProgram, isUnavailable, missing, requiresEngines } from './engine.ts';
import { ForeignProcess } from './foreign-process.ts';

/** The version of Spring's starter that `eureka-server/pom.xml` names: another one is built into another folder. */
const version = '5.0.3';

const source = join(import.meta.dirname, '..', '..', 'eureka-server');
const built = join(engineCache, 'eureka-server', version);

/**
 * Netflix's Eureka server in a minimal Spring Boot application, by the folder of its classes. Where it has not been built
 * it is built only if all engines are required: that takes half a minute, and fetches 80 MB.
 */
export function findEureka(): Engine {
  const java = findProgram('java');
  if (java.kind === 'missing') return java;
  if (existsSync(built)) return { kind: 'found', path: built };
  if (!requiresEngines || isUnavailable('eureka'))
    return missing('the Eureka server is not built; REQUIRE_ENGINES=1 builds it, with Maven, once', 'eureka');
  const maven = findProgram('mvn');
  if (maven.kind === 'missing') return maven;
  build(maven.path);
  return { kind: 'found', path: built };
}

/** Longer than any build takes. */
const buildLimitMs = 600_000;

/** One build at a time, however many tests ask for it: the others wait. */
function build(maven: string): void {
  const lock = `${built}.lock`;
  mkdirSync(dirname(built), { recursive: true });
  for (const endMs = Date.now() + buildLimitMs; ; Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500)) {
    if (existsSync(built)) return;
    if (isTaken(lock)) break;
    if (Date.now() > endMs) throw new Error(`Nobody has finished building ${built}. Remove ${lock} and try again`);
  }
  const into = `${built}.new`;
  try {
    rmSync(into, { recursive: true, force: true });
    const goals = ['compile', 'dependency:copy-dependencies', `-DoutputDirectory=${into}/lib`];
    execFileSync(maven, ['-q', '-B', '-f', source, `-Dinto=${into}`, ...goals], {
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: buildLimitMs,
    });
    // At once, so that a build that was ended early is not taken for a whole one.
    renameSync(into, built);
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

/** Whether the lock is ours now. */
function isTaken(lock: string): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch {
    return false;
  }
}

/** How a Eureka server is started. */
export interface EurekaOptions {
  /** Of {@link findEureka}. */
  readonly path: string;
  /** More settings, as on its command line: `--eureka.server.enable-self-preservation=false`. */
  readonly settings?: readonly string[];
}

/** A real Eureka server on loopback. */
export interface RunningEureka extends AsyncDisposable {
  /** The base of its API, ending in `/eureka`. */
  readonly url: string;
  readonly port: number;
  /** Kills it. */
  stop(): Promise<void>;
  /** Starts it again on the same port; it has forgotten everything. */
  start(): Promise<void>;
}

/** Starts a Eureka server on a free port, one that shows at once what it was told. */
export async function startEureka({ path, settings = [] }: EurekaOptions): Promise<RunningEureka> {
  const java = findProgram('java');
  if (java.kind === 'missing') throw new Error(java.reason);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/eureka`;
  const eureka = new ForeignProcess({
    path: java.path,
    args: [
      ...['-Xmx256m', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Dfile.encoding=UTF-8'],
      ...['-cp', [join(path, 'classes'), join(path, 'lib', '*')].join(delimiter), 'flotilla.EurekaServerProgram'],
      ...[`--server.port=${port}`, '--server.address=127.0.0.1', '--spring.main.banner-mode=off'],
      ...['--eureka.client.register-with-eureka=false', '--eureka.client.fetch-registry=false'],
      '--eureka.server.wait-time-in-ms-when-sync-empty=0',
      // By default answers are up to 30 s old, which tests would wait for.
      '--eureka.server.use-read-only-response-cache=false',
      ...settings,
    ],
    readyWithinMs: 120_000,
    isReady: () => isReady(url),
  });
  await eureka.start();
  return {
    url,
    port,
    stop: () => eureka.stop(),
    start: () => eureka.start(),
    [Symbol.asyncDispose]: () => eureka[Symbol.asyncDispose](),
  };
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/apps`, { headers: { accept: 'application/json' } })).ok;
  } catch {
    return false;
  }
}
