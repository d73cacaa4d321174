import type { Program } from '@flotilla/fleet/plan';

/** A process that is ready. */
export interface ReadyProcess {
  readonly program: Program;
  readonly url: string;
}

/** Requests worth trying first, by the program they go to; the gateway's stand for all when it runs. */
const firstRequests: Readonly<Record<string, readonly string[]>> = {
  gateway: ['/api/user/?id=1', '/api/user-with-orders?user_id=1', '/users/1/orders'],
  'service-registry': ['/services', '/health', '/ready'],
  'user-service': ['/user?id=1', '/users', '/ready'],
  'order-service': ['/order?id=1', '/orders?user_id=1', '/ready'],
};
const shownRequests = 3;

/** The three requests to show for what runs. */
export function requestsToTry(ready: readonly ReadyProcess[]): readonly string[] {
  const gateway = ready.find(({ program }) => program.name === 'gateway');
  // The registry may be elsewhere, or a list stand in for it: the gateway is ready, so it has found the services.
  const complete = ['user-service', 'order-service'].every((name) =>
    ready.some(({ program }) => program.name === name),
  );
  const services = ready.filter(({ program }) => program.name !== 'gateway');
  const sources = gateway !== undefined && (complete || services.length === 0) ? [gateway] : services;
  const lists = sources.map(({ program, url }) =>
    // Alone, the gateway has nobody to ask: what it answers itself, wherever operators look, is all that works.
    (services.length === 0 ? ['/health', '/ready', '/livez'] : (firstRequests[program.name] ?? [])).map(
      (path) => `${reachable(url)}${path}`,
    ),
  );
  // In turn, so that every program that runs is shown.
  const inTurn = lists.length === 0 ? [] : [0, 1, 2].flatMap((place) => lists.flatMap((list) => list[place] ?? []));
  return [...new Set(inTurn)].slice(0, shownRequests);
}

/** What is printed when everything is ready. */
export function readyBanner(ready: readonly ReadyProcess[], requests: readonly string[], tookMs: number): string {
  const byProgram = new Map<string, string[]>();
  for (const { program, url } of ready) {
    const urls = byProgram.get(program.name) ?? [];
    byProgram.set(program.name, [...urls, reachable(url)]);
  }
  const width = Math.max(...[...byProgram.keys()].map((name) => name.length));
  return [
    '',
    `Ready after ${(tookMs / 1000).toFixed(1)} s.`,
    '',
    ...[...byProgram].map(([name, urls]) => `  ${name.padEnd(width)}  ${urls.join('  ')}`),
    '',
    'Try:',
    ...requests.map((url) => `  curl '${url}'`),
    '',
    'Ctrl-C stops everything.',
    '',
    '',
  ].join('\n');
}

/** An address to type: one that means "every address of this machine" can be listened on, but not called. */
function reachable(url: string): string {
  return url.replace(/^(https?:\/\/)(0\.0\.0\.0|\[::\])(?=[:/]|$)/, '$1127.0.0.1');
}
