import type { Health, OwnAddresses, ProbeLine } from '@flotilla/kit/health';
import type { RenderMetrics } from '@flotilla/kit/telemetry';
import { type OwnPath, operatorsPaths } from '../config/own-paths.ts';
import type { LocalRequest, LocalResponse } from '../engine/local-response.ts';
import { headerValue } from '../headers/header-list.ts';

/** A path that the gateway answers itself. */
export interface LocalRoute {
  readonly path: string;
  /** Default GET and HEAD. */
  readonly methods?: readonly string[];
  /** Default 0: what is asked has no body. */
  readonly bodyLimitBytes?: number;
  /** Undefined: nothing is found there, by whatever method. */
  readonly respond: ((request: LocalRequest) => Promise<LocalResponse> | LocalResponse) | undefined;
}

/** What the routes show. */
export interface LocalRoutesOptions {
  readonly health: Health;
  /** Shows what was counted. */
  readonly render: RenderMetrics;
  /** What is for operators alone is not found where they have a port of their own; no route gets it either. */
  readonly addresses: OwnAddresses;
  /** What operators ask of the gateway itself. */
  readonly pages: readonly LocalRoute[];
}

/** The addresses every Flotilla program has: how it is, and what it has counted. They are answered while draining too. */
export function localRoutes({ health, render, addresses, pages }: LocalRoutesOptions): readonly LocalRoute[] {
  const common: readonly (LocalRoute & { readonly path: OwnPath })[] = [
    { path: '/health', respond: () => json(200, health.healthReport()) },
    {
      path: '/ready',
      async respond() {
        const { ready, body } = await health.readiness();
        return json(ready ? 200 : 503, body);
      },
    },
    {
      path: '/livez',
      respond(request) {
        if (addresses === 'callers') return plainProbe(health.livenessLines().alive);
        const { alive, lines } = health.livenessLines(excluded(request));
        return probe(request, alive, lines);
      },
    },
    {
      path: '/readyz',
      async respond(request) {
        const { ready, lines } = await health.readinessLines(excluded(request));
        return probe(request, ready, lines);
      },
    },
    {
      path: '/metrics',
      async respond(request) {
        const { contentType, body } = await render(headerValue(request.head.headers, 'accept'));
        return { status: 200, headers: ['Content-Type', contentType, 'Cache-Control', 'no-store'], body };
      },
    },
  ];
  const routes: readonly LocalRoute[] = [...common, ...pages];
  if (addresses === 'all') return routes;
  return routes.map(({ path, respond }) => ({ path, respond: forOperators.has(path) ? undefined : respond }));
}

const forOperators: ReadonlySet<string> = new Set(['/readyz', '/metrics', ...operatorsPaths]);

/** A JSON answer that nobody may keep: it is true only now. */
function json(status: number, value: unknown): LocalResponse {
  const headers = ['Content-Type', 'application/json; charset=utf-8', 'Cache-Control', 'no-store'];
  return { status, headers, body: JSON.stringify(value) };
}

/** As Kubernetes' own programs answer: `ok`, or with `?verbose` one line per check. */
function probe(request: LocalRequest, good: boolean, lines: readonly ProbeLine[]): LocalResponse {
  const verbose = !good || queryOf(request).has('verbose');
  const shown = lines.map(
    (line) => `[${line.result === 'failed' || line.result === 'timeout' ? '-' : '+'}]${line.name} ${line.result}`,
  );
  const body = verbose ? [...shown, good ? 'ok' : 'not ok', ''].join('\n') : 'ok';
  const headers = ['Content-Type', 'text/plain; charset=utf-8', 'Cache-Control', 'no-store'];
  return { status: good ? 200 : 503, headers, body };
}

function plainProbe(good: boolean): LocalResponse {
  const headers = ['Content-Type', 'text/plain; charset=utf-8', 'Cache-Control', 'no-store'];
  return { status: good ? 200 : 503, headers, body: good ? 'ok' : 'not ok' };
}

function excluded(request: LocalRequest): ReadonlySet<string> {
  return new Set(queryOf(request).getAll('exclude'));
}

function queryOf(request: LocalRequest): URLSearchParams {
  const at = request.head.target.indexOf('?');
  return new URLSearchParams(at < 0 ? '' : request.head.target.slice(at + 1));
}
