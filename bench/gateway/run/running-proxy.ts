import { mkdirSync } from 'node:fs';
import { request as requestPlain } from 'node:http';
import { request as requestSecure } from 'node:https';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CertificateFiles, ProxyKind } from '../proxies/proxy-kind.ts';
import { answers, uploadPath } from '../upstream/answers.ts';
import type { Processes, Started } from './processes.ts';
import type { Scenario } from './scenarios.ts';

const startMs = 15_000;

export interface RunningProxy {
  readonly kind: ProxyKind;
  readonly port: number;
  readonly url: string;
  readonly process: Started;
}

export interface StartOptions {
  readonly processes: Processes;
  readonly cores: string;
  readonly upstreamPort: number;
  readonly certificate: CertificateFiles | undefined;
  readonly folder: string;
}

/** Starts a proxy for a scenario and makes sure that it passes on the upstream's answer; or tells why it can't. */
export async function startProxy(
  kind: ProxyKind,
  scenario: Scenario,
  options: StartOptions,
): Promise<RunningProxy | { readonly skipped: string }> {
  const secure = scenario.tls === true;
  if (secure && options.certificate === undefined) return { skipped: 'openssl is not installed' };
  const folder = path.join(options.folder, `${scenario.name}-${kind.name}`);
  mkdirSync(folder, { recursive: true });
  const port = await freePort();
  const launch = kind.launch({
    port,
    upstreamPort: options.upstreamPort,
    workers: scenario.workers ?? 1,
    tls: secure ? options.certificate : undefined,
    folder,
  });
  if ('skipped' in launch) return launch;
  const started = options.processes.start(options.cores, launch);
  const url = `${secure ? 'https' : 'http'}://127.0.0.1:${port}${scenario.path}`;
  const problem = await untilItAnswers(url, started);
  if (problem === undefined) return { kind, port, url, process: started };
  await started.stop();
  return { skipped: `it does not work: ${problem}` };
}

/** A port of the loopback interface that nobody has at this moment. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** Undefined once the right answer comes; what came instead when it does not in time. */
export async function untilItAnswers(
  url: string,
  started: Started,
  headers: Readonly<Record<string, string>> = {},
): Promise<string | undefined> {
  const lastTryMs = performance.now() + startMs;
  let problem = 'no answer';
  while (performance.now() < lastTryMs && started.running) {
    const got = await ask(url, headers).catch((error: unknown) => String(error));
    if (got === undefined) return undefined;
    problem = got;
    await sleep(50);
  }
  return `${problem} ${started.output().slice(0, 500)}`.trim();
}

/** Undefined when the answer to this address is the right one. */
function ask(url: string, headers: Readonly<Record<string, string>>): Promise<string | undefined> {
  const { pathname, protocol } = new URL(url);
  const body = pathname === uploadPath ? Buffer.alloc(200_000, 'x') : undefined;
  const wanted = body === undefined ? answers[pathname] : String(body.length);
  return new Promise((resolve, reject) => {
    const request = (protocol === 'https:' ? requestSecure : requestPlain)(
      url,
      // The certificate was made for this run, and the other end is on this machine.
      { method: body === undefined ? 'GET' : 'POST', headers, agent: false, timeout: 5_000, rejectUnauthorized: false },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        response.on('error', reject);
        response.on('end', () => {
          const right = response.statusCode === 200 && text === wanted;
          resolve(right ? undefined : `answered ${response.statusCode} ${text.slice(0, 200)}`);
        });
      },
    );
    request.on('error', reject);
    request.on('timeout', () => request.destroy(new Error('no answer within 5 s')));
    request.end(body);
  });
}
