import { authorityOf } from '@flotilla/contracts/endpoint';
import type { Program } from '@flotilla/fleet/config';
import { callableHost, type PlacedSpec } from '@flotilla/fleet/plan';

/** A process that is ready. */
export interface ReadyProcess {
  readonly program: Program;
  readonly url: string;
}

const shownRequests = 3;

/** The three requests to show for the running part of a fleet. */
export function requestsToTry(ready: readonly ReadyProcess[], fleet: readonly Program[]): readonly string[] {
  const answering = ready.filter(({ url }) => url.startsWith('http'));
  const gateway = answering.find(({ program }) => program.role === 'gateway');
  // The registry may be elsewhere, or a list stand in for it: the gateway is ready, so it has found the services.
  const complete = fleet
    .filter(({ role, registers }) => role === 'service' && registers !== 'nobody')
    .every(({ name }) => ready.some(({ program }) => program.name === name));
  const services = answering.filter(({ program }) => program.role !== 'gateway');
  const isEntry = services.length === 0 || (complete && (gateway?.program.examples.length ?? 0) > 0);
  const sources = gateway !== undefined && isEntry ? [gateway] : services;
  const lists = sources.map(({ program, url }) =>
    // Alone, the gateway has nobody to ask: what it answers itself, wherever operators look, is all that works.
    (services.length === 0 ? ['/health', '/ready', '/livez'] : examplesOf(program)).map(
      (path) => `${reachable(url)}${path}`,
    ),
  );
  // In turn, so that every program that runs is shown.
  const inTurn = lists.length === 0 ? [] : [0, 1, 2].flatMap((place) => lists.flatMap((list) => list[place] ?? []));
  return [...new Set(inTurn)].slice(0, shownRequests);
}

/** The paths of a program to try first: its own, and then what always works. */
function examplesOf({ examples, role, launch, health }: Program): readonly string[] {
  if (role === 'registry') return [...examples, '/services', '/health', '/ready'];
  const asked = health === undefined ? [] : [health.path];
  return [...examples, ...asked, ...(launch.kind === 'node' && health === undefined ? ['/ready'] : [])];
}

/** Where the fleet can be looked at as soon as its dashboard, which starts last, has started; undefined: it has none. */
export function dashboardUrl(specs: Iterable<PlacedSpec>): string | undefined {
  const spec = [...specs].find(({ program }) => program.role === 'dashboard');
  if (spec?.port === undefined) return undefined;
  const address = callableHost(spec.settings.find('SERVER_HOST')?.value);
  return `http://${authorityOf({ address, port: spec.port })}`;
}

/** The text to print when everything is ready. `dashboard`: where the fleet can be looked at; undefined: nowhere. */
export function readyBanner(
  ready: readonly ReadyProcess[],
  requests: readonly string[],
  tookMs: number,
  dashboard?: string,
): string {
  const byProgram = new Map<string, string[]>();
  for (const { program, url } of ready) {
    const urls = byProgram.get(program.name) ?? [];
    byProgram.set(program.name, [...urls, url === '' ? '(no port)' : reachable(url)]);
  }
  const width = Math.max(...[...byProgram.keys()].map((name) => name.length));
  return [
    '',
    `Ready after ${(tookMs / 1000).toFixed(1)} s.`,
    '',
    ...[...byProgram].map(([name, urls]) => `  ${name.padEnd(width)}  ${urls.join('  ')}`),
    '',
    ...(dashboard === undefined ? [] : [`Dashboard: ${dashboard}`, '']),
    ...(requests.length === 0 ? [] : ['Try:', ...requests.map((url) => `  curl '${url}'`), '']),
    'Ctrl-C stops everything.',
    '',
    '',
  ].join('\n');
}

/** An address to type: one that means "every address of this machine" can be listened on, but not called. */
function reachable(url: string): string {
  return url.replace(/^(https?:\/\/)(0\.0\.0\.0|\[::\])(?=[:/]|$)/, '$1127.0.0.1');
}
