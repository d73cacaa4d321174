import type { Health, OwnAddresses, ProbeLine } from '../health/index.ts';
import type { RenderMetrics } from '../telemetry/index.ts';
import type { HttpApp } from './http-app-type.ts';
import type { RawQuery } from './parse-query.ts';

/** Machines ask these every few seconds. */
const quiet = { config: { requestLogLevel: 'debug' } } as const;

/** Adds the probes and the metrics that every program has. */
export function mountHealthRoutes(
  app: HttpApp,
  health: Health,
  addresses: OwnAddresses,
  renderMetrics: RenderMetrics,
): void {
  app.get('/health', quiet, (_request, reply) => reply.header('cache-control', 'no-store').send(health.healthReport()));

  app.get('/ready', quiet, async (_request, reply) => {
    const { ready, body } = await health.readiness();
    return reply
      .code(ready ? 200 : 503)
      .header('cache-control', 'no-store')
      .send(body);
  });

  app.get('/livez', quiet, (request, reply) => {
    const options = addresses === 'all' ? readProbeOptions(request.query) : noOptions;
    const { alive, lines } = health.livenessLines(options.exclude);
    return reply
      .code(alive ? 200 : 503)
      .headers(plainText)
      .send(showProbe('livez', alive, lines, options.verbose));
  });

  if (addresses === 'callers') return;

  app.get('/readyz', quiet, async (request, reply) => {
    const options = readProbeOptions(request.query);
    const { ready, lines } = await health.readinessLines(options.exclude);
    const all: ProbeLine[] = [{ name: health.state, result: health.serving ? 'ok' : 'failed' }, ...lines];
    return reply
      .code(ready ? 200 : 503)
      .headers(plainText)
      .send(showProbe('readyz', ready, all, options.verbose));
  });

  app.get('/metrics', quiet, async (request, reply) => {
    const { contentType, body } = await renderMetrics(request.headers.accept);
    return reply.headers({ 'content-type': contentType, 'cache-control': 'no-store', vary: 'Accept' }).send(body);
  });
}

const plainText = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' };

const noOptions = { verbose: false, exclude: new Set<string>() };

/** As in Kubernetes: `?verbose`, and any number of `?exclude=`. */
function readProbeOptions(query: unknown): { readonly verbose: boolean; readonly exclude: ReadonlySet<string> } {
  const { verbose, exclude } = query as RawQuery; // The app's own query parser made it.
  return { verbose: verbose !== undefined, exclude: new Set(typeof exclude === 'string' ? [exclude] : exclude) };
}

/** One word if everything passes and no details are wanted; otherwise a line per check, `[+]` passed and `[-]` failed. */
function showProbe(name: string, passed: boolean, lines: readonly ProbeLine[], verbose: boolean): string {
  if (passed && !verbose) return 'ok';
  const shown = lines.map(({ name: check, result }) => {
    if (result === 'ok') return `[+]${check} ok`;
    return result === 'excluded' ? `[+]${check} excluded: ok` : `[-]${check} ${result}`;
  });
  return `${[...shown, `${name} check ${passed ? 'passed' : 'failed'}`].join('\n')}\n`;
}
