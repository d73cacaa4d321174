import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { servedDashboard } from '@flotilla/conformance';

const token = 'a-token-for-this-test';

function builtPages(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'dashboard-pages-'));
  t.after(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'icon.svg'), '<svg/>');
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Pages</title>');
  writeFileSync(join(folder, 'assets', 'main-B1b2c3d4.js'), `export const text = '${'a'.repeat(5_000)}';`);
  return folder;
}

test('pages that are not built are answered with what to do, and what looks like a file with 404', async (t) => {
  const { ask } = await servedDashboard(t);
  for (const path of ['/', '/requests', '/traces/abc']) {
    const { status, text } = await ask('GET', path, undefined, { accept: 'text/html' });
    assert.equal(status, 503);
    assert.match(text, /npm run pages:build/);
  }
  for (const path of ['/main.js', '/api/nothing', '/v1/nothing', '/../package.json', '/%2e%2e/package.json'])
    assert.equal((await ask('GET', path)).status, 404, path);
});

test('built pages are kept by browsers as long as their names say, and sent compressed', async (t) => {
  const { url, ask } = await servedDashboard(t, { pages: builtPages(t) });
  const icon = await fetch(`${url}/favicon.ico`);
  assert.deepEqual(
    [icon.status, icon.headers.get('content-type'), await icon.text()],
    [200, 'image/svg+xml', '<svg/>'],
  );
  const page = await ask('GET', '/requests?route=x');
  assert.equal(page.status, 200);
  assert.match(page.text, /<title>Pages/);
  assert.equal(page.headers.get('cache-control'), 'no-cache');
  assert.match(String(page.headers.get('content-security-policy')), /default-src 'none'; script-src 'self'/);
  const tag = page.headers.get('etag') ?? '';
  assert.equal((await ask('GET', '/', undefined, { 'if-none-match': tag })).status, 304);
  for (const coding of ['br', 'gzip', 'identity']) {
    const file = await fetch(`${url}/assets/main-B1b2c3d4.js`, { headers: { 'accept-encoding': coding } });
    assert.equal(file.headers.get('content-encoding'), coding === 'identity' ? null : coding);
    assert.match(file.headers.get('cache-control') ?? '', /immutable/);
    assert.equal((await file.text()).length, 5_023);
  }
});

test('the overview names what cannot be read, and is sent again when it changes', async (t) => {
  const { url, ask } = await servedDashboard(t, { registryUrl: 'http://127.0.0.1:1' });
  const response = await fetch(`${url}/api/events`);
  assert.equal(response.headers.get('content-type'), 'text/event-stream; charset=utf-8');
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.includes('cannot be reached')) break;
  }
  assert.match(
    text,
    /event: overview\ndata: \{.*"source":"registry","message":"The registry at http:\/\/127\.0\.0\.1:1 cannot be reached/,
  );
  const { body } = await ask('GET', '/api/overview');
  assert.deepEqual(body?.['programs'], []);
});

test('pages of other origins may neither change nor read anything, those of this machine included', async (t) => {
  const { ask } = await servedDashboard(t);
  const foreign = [
    { origin: 'https://evil.example' },
    { origin: 'http://localhost:3000' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site', origin: 'http://127.0.0.1:3000' },
  ];
  for (const headers of foreign) {
    assert.equal((await ask('POST', '/api/programs/a/stop', undefined, headers)).status, 403);
    for (const path of ['/api/overview', '/%61pi/overview'])
      assert.equal((await ask('GET', path, undefined, headers)).status, 403);
  }
  const own = [{}, { 'sec-fetch-site': 'same-origin', origin: 'http://localhost:5173' }, { 'sec-fetch-site': 'none' }];
  for (const headers of own) assert.equal((await ask('POST', '/api/programs/a/stop', undefined, headers)).status, 409);
});

test('a web page sends telemetry if its origin is named, and learns what to do if it is not', async (t) => {
  const origin = 'http://localhost:5173';
  const { url } = await servedDashboard(t, { token, senderOrigins: [origin] });
  const send = (method: string, headers: Record<string, string>, body?: string): Promise<Response> =>
    fetch(`${url}/v1/traces`, { method, headers, ...(body === undefined ? {} : { body }) });
  const asking = {
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'authorization,content-type',
  };
  const asked = await send('OPTIONS', { ...asking, origin });
  assert.equal(asked.status, 204);
  const allowed = ['origin', 'methods', 'headers'].map((what) => asked.headers.get(`access-control-allow-${what}`));
  assert.deepEqual(allowed, [origin, 'POST', 'authorization,content-type']);
  const json = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const sent = await send('POST', { ...json, origin }, '{"resourceSpans":[]}');
  assert.deepEqual([sent.status, sent.headers.get('access-control-allow-origin')], [200, origin]);
  const foreign = 'http://localhost:3000';
  assert.equal(
    (await send('OPTIONS', { ...asking, origin: foreign })).headers.get('access-control-allow-origin'),
    null,
  );
  const refused = await send('POST', { ...json, origin: foreign }, '{"resourceSpans":[]}');
  assert.equal(refused.status, 403);
  assert.match(
    await refused.text(),
    /from http:\/\/localhost:3000\. To let it send telemetry, name its origin in ALLOWED_ORIGINS/,
  );
  const without = await send('POST', { 'content-type': 'application/json', origin }, '{}');
  assert.equal(without.status, 401, 'the token too');
  assert.equal(without.headers.get('access-control-allow-origin'), origin, 'the page may read why');
  for (const answer of [asked, sent, refused, without]) assert.equal(answer.headers.get('vary'), 'origin');
  const api = await fetch(`${url}/api/overview`, { headers: { origin, authorization: `Bearer ${token}` } });
  assert.equal(api.headers.get('access-control-allow-origin'), null, 'of the fleet it reads nothing');
});

test('a page that may send telemetry may do nothing else, whether its origin is named or all are', async (t) => {
  const origin = 'https://app.example.com';
  for (const [named, shown] of [
    [origin, origin],
    ['*', '*'],
  ] as const) {
    const { ask } = await servedDashboard(t, { senderOrigins: [named] });
    const page = { origin, 'sec-fetch-site': 'cross-site' };
    const stop = '/api/programs/x/stop';
    assert.equal((await ask('POST', stop, undefined, page)).status, 403, named);
    assert.equal((await ask('POST', '/login', undefined, page)).status, 403, named);
    for (const path of ['/api/overview', '/api/events', '/api/requests', '/%61pi/overview']) {
      const { status, headers } = await ask('GET', path, undefined, page);
      assert.deepEqual([status, headers.get('access-control-allow-origin')], [403, null], `${named} ${path}`);
    }
    const preflight = await ask('OPTIONS', stop, undefined, { ...page, 'access-control-request-method': 'POST' });
    assert.equal(preflight.headers.get('access-control-allow-origin'), null);
    for (const signal of ['traces', 'metrics', 'logs']) {
      const asked = await ask('OPTIONS', `/v1/${signal}`, undefined, {
        ...page,
        'access-control-request-method': 'POST',
      });
      assert.deepEqual([asked.status, asked.headers.get('access-control-allow-origin')], [204, shown]);
      const sent = await ask('POST', `/v1/${signal}`, {}, page);
      assert.deepEqual([sent.status, sent.headers.get('access-control-allow-origin')], [200, shown], signal);
    }
  }
});

test('what is allowed to whom is decided before anything is read', async (t) => {
  const { ask } = await servedDashboard(t, { token });
  assert.equal((await ask('GET', '/api/overview')).status, 401);
  assert.equal((await ask('GET', '/metrics')).status, 401);
  assert.equal((await ask('POST', '/api/programs/a/stop')).status, 401);
  assert.equal((await ask('GET', '/api/overview', undefined, { authorization: 'Bearer wrong' })).status, 401);
  assert.equal(
    (await ask('GET', '/api/overview', undefined, { cookie: `flotilla_dashboard_8090=${token}` })).status,
    401,
  );
  for (const path of ['/health/', '/login/', '/%6cogin', '//api/overview', '/api/%6fverview'])
    assert.equal((await ask('GET', path)).status, 401, path);
  assert.equal((await ask('GET', '/health')).status, 200);
  assert.equal((await ask('GET', '/api/overview', undefined, { authorization: `Bearer ${token}` })).status, 200);
});

test('a person logs in with the token and stays logged in by a cookie that does not hold it', async (t) => {
  const { url, ask } = await servedDashboard(t, { token, pages: builtPages(t) });
  const asked = await fetch(`${url}/requests?status=5xx`, { headers: { accept: 'text/html' }, redirect: 'manual' });
  assert.equal(asked.status, 303);
  assert.equal(asked.headers.get('location'), '/login?next=%2Frequests%3Fstatus%3D5xx');
  const login = (form: Record<string, string>): Promise<Response> =>
    fetch(`${url}/login`, { method: 'POST', body: new URLSearchParams(form), redirect: 'manual' });
  const wrong = await login({ token: 'wrong', next: '/x"><script>' });
  assert.equal(wrong.status, 403);
  assert.match(await wrong.text(), /This is not the token/);
  for (const next of ['//evil.example', 'https://evil.example', '/\\evil.example', '/a\r\nset-cookie: b=c'])
    assert.equal((await login({ token, next })).headers.get('location'), '/', next);
  const right = await login({ token, next: '/requests' });
  assert.equal(right.status, 303);
  assert.equal(right.headers.get('location'), '/requests');
  const cookie = right.headers.get('set-cookie') ?? '';
  assert.match(cookie, /^flotilla_dashboard_8090=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict;/);
  assert.ok(!cookie.includes(token));
  const [shown = ''] = cookie.split(';', 1);
  assert.equal((await ask('GET', '/api/overview', undefined, { cookie: `other=1; ${shown}` })).status, 200);
});
