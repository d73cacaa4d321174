import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, describe, test } from 'node:test';
import { systemClock } from '@flotilla/contracts';
import type { LogRow, Overview, RequestRow, Trace, TraceSpan } from '@flotilla/dashboard/wire';
import { textWidth } from '@flotilla/kit/text-width';
import { freePort } from '@flotilla/testing';
import { dispatch } from '../verbs/dispatch.ts';
import { verbTable } from '../verbs/verb-table.ts';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const quietId = '00000000000000000000000000000001';
const hostileId = '00000000000000000000000000000003';

function span(spanId: string, parentSpanId: string | undefined, more: Partial<TraceSpan>): TraceSpan {
  return {
    ...{
      spanId,
      ...(parentSpanId === undefined ? {} : { parentSpanId }),
      depth: 0,
      service: 'gateway',
      name: 'GET /orders',
    },
    ...{ kind: 'server', offsetMs: 0, durationMs: 40, failed: false, attributes: {}, events: [], links: [] },
    ...more,
  };
}

const request: RequestRow = {
  ...{
    traceId,
    spanId: 'a',
    service: 'gateway',
    method: 'GET',
    path: '/orders/商品',
    status: 503,
    atMs: 1_767_225_600_000,
  },
  ...{ durationMs: 30, failed: true, spans: 4 },
};
const logs: readonly LogRow[] = [
  {
    id: 2,
    atMs: 1_767_225_600_020,
    level: 'error',
    service: 'order-service',
    message: 'later\u001b[2J',
    fields: { n: 1 },
    traceId,
  },
  { id: 1, atMs: 1_767_225_600_010, level: 'info', service: 'gateway', message: 'sooner', fields: {}, traceId },
  {
    ...{ id: 3, atMs: 1_767_225_600_030, level: 'info', service: 'gateway', message: 'request', traceId, spanId: 'a' },
    fields: {
      'http.request.method': 'GET',
      'url.path': '/orders',
      'http.route': '/orders',
      'http.response.status_code': 503,
      'client.address': '127.0.0.1',
      durationMs: 30.4,
      upstreamService: 'order-service',
      'otel.scope.name': 'flotilla',
      level: 'an attribute of the same name',
    },
  },
];
/** Of a program that names itself as no fleet would. */
const hostile: LogRow = {
  ...{ id: 1, atMs: 1_767_225_600_000, level: 'info', service: 'evil\u001b[2J\u009b2J', message: 'said', fields: {} },
  traceId: hostileId,
};
const linesOf: ReadonlyMap<string, readonly LogRow[]> = new Map([
  [traceId, logs],
  [hostileId, [hostile]],
]);
const trace: Trace = {
  ...{ traceId, startedMs: 1_767_225_600_000, durationMs: 40, request, logs, missingParents: 1 },
  problem: { code: 'STORAGE_UNAVAILABLE', title: 'The database is away' },
  spans: [
    span('a', undefined, { failed: true, attributes: { 'error.type': 'STORAGE_UNAVAILABLE' } }),
    span('b', 'a', { depth: 1, kind: 'client', name: 'GET order-service', offsetMs: 1, durationMs: 35 }),
    span('c', 'b', { depth: 2, service: 'order-service', name: 'GET /orders', offsetMs: 2, durationMs: 30 }),
    span('d', 'c', {
      ...{
        depth: 3,
        service: 'order-service',
        name: `SELECT ${'many_tables '.repeat(20)}\u001b[31m`,
        offsetMs: 39,
        durationMs: 0.01,
      },
      ...{ failed: true, message: `it cannot be reached ${'again '.repeat(30)}` },
    }),
  ],
};
const overview: Overview = {
  fleet: undefined,
  programs: [
    {
      ...{ name: 'shop', role: 'service', state: 'unhealthy', canControl: true },
      traffic: { requestsPerSecond: 12.34, errorShare: 0.052, p95Ms: 123.4 },
      instances: [
        { name: 'shop-1', state: 'healthy', cpuPercent: 3.4, memoryBytes: 140e6, restarts: 0, uptimeMs: 65_000 },
        { name: 'shop-2', state: 'unhealthy', why: { en: `database: ${'away '.repeat(40)}`, zh: '' } },
      ],
    },
  ],
  alerts: [
    {
      ...{ id: '1', kind: 'error-rate', severity: 'critical', subject: 'shop', sinceMs: 0, link: '/' },
      text: { en: '5.2 % of the requests to shop failed', zh: '失败' },
    },
  ],
  troubles: [{ source: 'registry', message: 'The registry does not answer.', sinceMs: 0 }],
};

let asked: string[] = [];
let url = '';
const server = createServer((incoming, response) => {
  const { pathname, searchParams } = new URL(incoming.url ?? '', 'http://x');
  asked.push(incoming.url ?? '');
  const send = (status: number, body: unknown): void => {
    response.writeHead(status, { 'content-type': status === 200 ? 'application/json' : 'application/problem+json' });
    response.end(JSON.stringify(body));
  };
  if (incoming.headers.authorization === 'Bearer wrong') return send(401, { status: 401 });
  switch (pathname) {
    case `/api/traces/${traceId}`:
      return send(200, trace);
    case `/api/traces/${quietId}`:
      return send(200, { ...trace, logs: [] });
    case '/api/requests':
      return send(200, { requests: searchParams.get('service') === 'none' ? [] : [request] });
    case '/api/logs':
      return send(200, { logs: linesOf.get(searchParams.get('trace_id') ?? '') ?? [] });
    case '/api/overview':
      return send(200, overview);
    default:
      return send(404, { status: 404, detail: 'Nothing is kept of it' });
  }
});

before(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A TCP server that listens has an address with a port.
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => {
  asked = [];
});
after(() => {
  server.closeAllConnections();
  server.close();
});

interface RunOptions {
  readonly columns?: number;
  readonly rows?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly dashboard?: string;
  /** Stops it after this text was written. */
  readonly stopAfter?: RegExp;
}

async function run(text: string, { columns, rows, env, dashboard = url, stopAfter }: RunOptions = {}) {
  const out = { stdout: '', stderr: '' };
  let stop: (() => void) | undefined;
  const terminal = columns === undefined ? {} : { isTTY: true, columns, rows: rows ?? 24 };
  const write = (written: string): void => {
    out.stdout += written;
    if (stopAfter?.test(out.stdout) === true) stop?.();
  };
  const code = await dispatch([...text.split(' '), '--dashboard', dashboard], {
    env: { NO_COLOR: '1', LANG: 'C.UTF-8', ...env },
    stdout: { write, ...terminal },
    stderr: { write: (written) => (out.stderr += written) },
    ...{ clock: systemClock, random: Math.random, cwd: '/', startedMs: 0, version: '0', verbs: verbTable },
    onStopRequest: (stopping) => (stop = () => stopping(false)),
  });
  return { code, ...out };
}

function fits(text: string, columns: number): void {
  for (const line of text.split('\n')) assert.ok(textWidth(line) <= columns, `${columns}: ${line}`);
  // Nothing that a program sent moves the cursor.
  assert.ok(!text.includes('\u001b'));
}

describe('flotilla trace', () => {
  test('shows the spans of a request, each below its parent, and why it failed', async () => {
    const { code, stdout } = await run(`trace ${traceId}`);
    assert.equal(code, 0);
    const lines = stdout.split('\n');
    assert.equal(lines[0], 'GET /orders/商品, answered 503 in 30.0 ms; what it caused went on until 40.0 ms');
    assert.match(lines[1] ?? '', /^2026-01-01 00:00:00\.000 UTC, 4 spans of 2 services, 4bf92f/);
    const at = (pattern: RegExp): number => {
      const index = lines.findIndex((line) => pattern.test(line));
      assert.notEqual(index, -1, `${pattern} in\n${stdout}`);
      return index;
    };
    const gateway = at(/^✗ gateway: GET \/orders +40\.0 ms ━{36}$/);
    assert.match(lines[gateway + 1] ?? '', /^ {2}STORAGE_UNAVAILABLE$/);
    at(/^ GET order-service +35\.0 ms +━+$/);
    at(/^ {2}order-service: GET \/orders +30\.0 ms +━+$/);
    at(/^ {3}✗ SELECT many_tables .*… +0\.01 ms +▏$/);
    at(/^ {5}it cannot be reached again/);
    at(/^The caller was told: STORAGE_UNAVAILABLE: The database is away$/);
    at(/^1 of the spans name a parent that is not here/);
    at(new RegExp(`^3 log lines: flotilla logs --trace ${traceId}$`));
  });

  test('fits into any terminal of 40 to 100 columns, and into one without Unicode', async () => {
    for (let columns = 40; columns <= 100; columns += 4)
      fits((await run(`trace ${traceId}`, { columns })).stdout.replaceAll(/.*4bf92f.*\n/g, ''), columns);
    const ascii = (await run(`trace ${traceId}`, { env: { LANG: 'C' } })).stdout.replaceAll('商品', '');
    assert.match(ascii, /^x gateway: GET \/orders +40\.0 ms ={36}$/m);
  });

  test('takes a traceparent, and says of anything else what an id looks like', async () => {
    assert.equal((await run(`trace 00-${traceId.toUpperCase()}-00f067aa0ba902b7-01`)).code, 0);
    const { code, stderr } = await run('trace 123');
    assert.equal(code, 64);
    assert.match(stderr, /"123" is not a trace id, which is 32 digits .* x-trace-id/);
    assert.equal(asked.length, 1, 'a mistake asks nobody');
  });

  test('lists the last requests without an id', async () => {
    const { stdout } = await run('trace --status 5xx --service gateway');
    assert.deepEqual(asked, ['/api/requests?limit=20&service=gateway&status=5xx']);
    assert.match(
      stdout,
      new RegExp(`^TRACE +STATUS +TOOK.*\n${traceId} +503 +30\\.0 ms .* gateway +GET /orders/商品\n$`),
    );
    assert.match((await run('trace --service none')).stdout, /^No requests yet\. Send one/);
    await run('trace');
    assert.equal(asked.at(-1), '/api/requests?limit=20&at=gateway', 'and not what programs ask each other');
    assert.equal(JSON.parse((await run('trace --json')).stdout).requests.length, 1);
  });

  test('says that there is no such trace, no dashboard, or no right to see it, and what to do', async () => {
    const unknown = await run('trace 00000000000000000000000000000002');
    assert.equal(unknown.code, 1);
    assert.match(
      unknown.stderr,
      /^flotilla: The dashboard has nothing of the trace 0{31}2: .* List the last ones: flotilla trace\n$/,
    );
    const json = await run('trace 00000000000000000000000000000002 --json');
    assert.equal(JSON.parse(json.stdout).error.code, 'NO_SUCH_TRACE');
    const away = await run('trace', { dashboard: `http://127.0.0.1:${await freePort()}` });
    assert.match(away.stderr, /cannot be asked: nothing listens there\. See whether it runs: flotilla ps/);
    const refused = await run('trace', { env: { DASHBOARD_TOKEN: 'wrong' } });
    assert.match(refused.stderr, /wants a token\. Set DASHBOARD_TOKEN/);
    const wrong = await run('trace', { dashboard: 'localhost' });
    assert.match(wrong.stderr, /--dashboard: "localhost" is not the URL of a dashboard/);
    assert.equal(wrong.code, 64);
  });

  test('the dashboard is that of the running fleet, if there is one', async () => {
    const out = { stderr: '' };
    const code = await dispatch(['trace'], {
      env: {},
      stdout: { write: () => undefined },
      stderr: { write: (written) => (out.stderr += written) },
      ...{ clock: systemClock, random: Math.random, cwd: '/', startedMs: 0, version: '0', verbs: verbTable },
      onStopRequest: () => undefined,
    });
    assert.notEqual(code, 0);
    assert.match(out.stderr, /Cannot find flotilla\.config\.ts .* Or name a dashboard: --dashboard http/);
  });
});

describe('flotilla logs --trace', () => {
  test('shows what all programs said of a request, oldest first', async () => {
    const { code, stdout } = await run(`logs --trace ${traceId}`);
    assert.equal(code, 0);
    assert.match(stdout, /^gateway +\| \S+ .*sooner.*\norder-service +\| \S+ +ERROR +later/);
    assert.ok(!stdout.includes('\u001b'));
    assert.deepEqual(asked, [`/api/logs?trace_id=${traceId}&limit=1000`]);
    const lines = (await run(`logs --trace ${traceId} --json`)).stdout.trim().split('\n');
    assert.deepEqual(
      lines.map((line) => JSON.parse(line)),
      JSON.parse(JSON.stringify([...logs].sort((one, other) => one.id - other.id))),
    );
  });

  test('shows lines as "flotilla logs" does: a request with our own short form, whatever names the dashboard keeps', async () => {
    const brief = (await run(`logs gateway --trace ${traceId}`)).stdout.trim().split('\n').at(-1);
    assert.match(brief ?? '', /^gateway +\| \d\d:\d\d:\d\d GET \/orders 503 30 ms order-service$/);
    const { stdout } = await run(`logs gateway --tail 1 --verbose --trace ${traceId}`);
    assert.match(
      stdout,
      /INFO {2}request method=GET path=\/orders route=\/orders status=503 client=127\.0\.0\.1 durationMs=30\.4/,
    );
    assert.doesNotMatch(stdout, /otel/);
  });

  test('lets no sender of telemetry write to the terminal by its name', async () => {
    const pretty = await run(`logs --trace ${hostileId}`, { columns: 80 });
    assert.match(pretty.stdout, /^evil\\u001b\[2J\\u009b2J +\| .*said/);
    const json = await run(`logs --trace ${hostileId} --json`);
    assert.deepEqual(JSON.parse(json.stdout), hostile);
    for (const { stdout } of [pretty, json])
      for (const escape of ['\u001b', '\u009b']) assert.ok(!stdout.includes(escape), JSON.stringify(stdout));
  });

  test('shows some of them, and says why there are none', async () => {
    assert.doesNotMatch((await run(`logs order-service --trace ${traceId}`)).stdout, /sooner/);
    assert.doesNotMatch((await run(`logs --tail 1 --trace ${traceId}`)).stdout, /sooner/);
    assert.match((await run(`logs shop --trace ${traceId}`)).stderr, /None of the lines of the trace is of shop\./);
    assert.match(
      (await run(`logs --trace ${quietId}`)).stderr,
      /No program has logged anything for the trace\. .* flotilla trace/,
    );
    assert.match((await run('logs --trace 00000000000000000000000000000002')).stderr, /has nothing of the trace/);
    const follow = await run(`logs --follow --trace ${traceId}`);
    assert.equal(follow.code, 64);
    assert.match(follow.stderr, /leave out --follow/);
  });
});

describe('flotilla top', () => {
  test('prints once where nobody watches: figures, reasons, alerts and troubles', async () => {
    const { code, stdout } = await run('top');
    assert.equal(code, 0);
    assert.match(stdout, /^INSTANCE +STATE +REQ\/S +ERRORS +P95 +CPU +MEMORY +RESTARTS +UPTIME\n/);
    assert.match(stdout, /\nshop-1 +healthy +12\.3 +5\.2% +123 ms +3% +140 MB +0 +1 min\n/);
    assert.match(stdout, /\nshop-2 +unhealthy +- +- +- +-\n {2}database: away/);
    assert.match(stdout, /\n\n5\.2 % of the requests to shop failed\nThe registry does not answer\.\n$/);
    assert.deepEqual(
      JSON.parse((await run('top --json', { columns: 80 })).stdout),
      JSON.parse(JSON.stringify(overview)),
    );
  });

  test('goes on in a terminal until it is stopped, and leaves the last figures there', async () => {
    const { code, stdout } = await run('top', { columns: 60, rows: 20, stopAfter: /shop-1/ });
    assert.equal(code, 0);
    assert.ok(stdout.split('INSTANCE').length >= 3, 'once live, once at the end');
    fits((await run('top --once', { columns: 50 })).stdout, 50);
  });

  test('shows what is the matter in a small window, too', async () => {
    const { stdout } = await run('top', { columns: 60, rows: 6, stopAfter: /INSTANCE/ });
    const [live = ''] = stdout.split('\r');
    assert.ok(live.split('\n').length <= 6, live);
    assert.match(live, /more lines/);
    assert.match(live, /5\.2 % of the requests/);
  });
});

describe('flotilla open', () => {
  test('prints the address where there is no desktop, and knows the pages', async () => {
    const env = { DISPLAY: '', WAYLAND_DISPLAY: '', BROWSER: 'false' };
    assert.match((await run('open', { env })).stdout, new RegExp(`^Open ${url}/ in a browser\n$`));
    assert.equal((await run('open logs --print')).stdout, `${url}/logs\n`);
    assert.equal(JSON.parse((await run(`open ${traceId} --json`)).stdout).url, `${url}/traces/${traceId}`);
    const unknown = await run('open log');
    assert.equal(unknown.code, 64);
    assert.match(unknown.stderr, /"log" is no page of the dashboard\. Write one of overview, topology/);
    assert.match((await run('open', { env: { BROWSER: 'true' } })).stdout, /^Opened http/);
  });
});
