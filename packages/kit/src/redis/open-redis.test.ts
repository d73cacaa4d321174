import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { recordingTracer } from '@flotilla/conformance';
import { findRedis, type RedisServerOptions, type RunningRedis, startRedis } from '@flotilla/conformance/databases';
import { freePort, waitUntil } from '@flotilla/testing';
import { createMetrics, idleTracer, withinTrace } from '../telemetry/index.ts';
import { openRedis } from './open-redis.ts';
import type { Redis } from './redis.ts';
import { RedisError } from './redis-error.ts';
import { redisScript } from './redis-script.ts';

const engine = findRedis();
const skip = engine.kind === 'missing' ? engine.reason : false;

async function serverOf(t: TestContext, options: Omit<RedisServerOptions, 'path'> = {}): Promise<RunningRedis> {
  assert.ok(engine.kind === 'found');
  const server = await startRedis({ path: engine.path, ...options });
  t.after(() => server[Symbol.asyncDispose]());
  return server;
}

async function clientOf(t: TestContext, url: string): Promise<Redis> {
  const redis = await openRedis({ url, name: 'test' });
  t.after(() => redis.close());
  return redis;
}

const isUsable = (redis: Redis) => () => redis.run !== undefined;
const failsAs = (kind: string, message?: RegExp) => (error: unknown) =>
  error instanceof RedisError && error.kind === kind && (message?.test(error.message) ?? true);

/** Waits until the health check fails for this reason. */
async function reasonOf(redis: Redis, expected: RegExp): Promise<void> {
  let last = '';
  const look = (): void => {
    redis.check().then(
      () => (last = 'none: it works'),
      (error: Error) => (last = error.message),
    );
  };
  await waitUntil(`the reason ${expected}`, () => {
    look();
    return expected.test(last);
  }).catch((error: Error) => assert.fail(`${error.message}; the last was: ${last}`));
  assert.doesNotMatch(last, /sesame|wrong-one/);
}

test('commands and scripts run in order, in the database of the URL', { skip }, async (t) => {
  const server = await serverOf(t);
  const redis = await clientOf(t, `${server.url}/3`);
  await waitUntil('connected', isUsable(redis));
  const script = redisScript('test', "redis.call('SET', KEYS[1], ARGV[1]) return redis.call('GET', KEYS[1])");
  const replies = await Promise.all([
    redis.call(['SET', 'a', 1], 1_000),
    redis.script(script, ['a'], ['二'], 1_000),
    redis.script(script, ['a'], ['3'], 1_000),
  ]);
  assert.deepEqual(replies, ['OK', '二', '3']);
  assert.deepEqual(await redis.call(['GET', 'nothing'], 1_000), null);
  await assert.rejects(redis.call(['LPUSH', 'a', 1], 1_000), failsAs('refused', /^WRONGTYPE/));
  assert.equal(await server.ask('GET', 'a'), '$-1\r\n', 'database 0 has nothing');
  await redis.check();
});

test('a restart is noticed by another run; in between, calls fail at once', { skip }, async (t) => {
  const server = await serverOf(t);
  const redis = await clientOf(t, server.url);
  await waitUntil('connected', isUsable(redis));
  const before = redis.run;
  await server.kill();
  await waitUntil('the connection is gone', () => redis.run === undefined);
  await assert.rejects(redis.call(['PING'], 60_000), failsAs('away'));
  await server.start();
  await waitUntil('connected again', isUsable(redis));
  assert.notEqual(redis.run, before);
});

test('a frozen Redis makes calls late, and the same run goes on when it thaws', { skip }, async (t) => {
  const server = await serverOf(t);
  const redis = await clientOf(t, server.url);
  await waitUntil('connected', isUsable(redis));
  const before = redis.run;
  await server.freeze();
  await assert.rejects(redis.call(['SET', 'a', 1], 20), failsAs('late'));
  await assert.rejects(redis.check(), failsAs('late'));
  await server.thaw();
  await redis.check();
  assert.equal(redis.run, before);
  assert.equal(await redis.call(['GET', 'a'], 1_000), '1', 'a late command may still have been run');
});

test('a reply that came in time counts, however late the program reads it', { skip }, async (t) => {
  const server = await serverOf(t);
  const redis = await clientOf(t, server.url);
  await waitUntil('connected', isUsable(redis));
  const reply = redis.call(['GET', 'a'], 20);
  // Lets the command be sent, and then does something else for longer than the limit.
  setImmediate(() => {
    const endMs = performance.now() + 200;
    while (performance.now() < endMs);
  });
  assert.equal(await reply, null);
});

test('passwords: the right one works, others are named in the reason, none is shown', { skip }, async (t) => {
  const server = await serverOf(t, { password: 'sesame/@:%' });
  const good = await clientOf(t, server.url);
  await waitUntil('connected', isUsable(good));
  await reasonOf(
    await clientOf(t, `redis://:wrong-one@127.0.0.1:${server.port}`),
    /refuses the user or password.*WRONGPASS/,
  );
  await reasonOf(await clientOf(t, `redis://127.0.0.1:${server.port}`), /wants a password.*NOAUTH/);
  await server.ask('ACL', 'SETUSER', 'reader', 'on', '>sesame', '~*', '+get', '+select');
  await reasonOf(await clientOf(t, `redis://reader:sesame@127.0.0.1:${server.port}`), /may not run info \(NOPERM\)/);
});

test('a right that is missing is named, also if a script needs it', { skip }, async (t) => {
  const server = await serverOf(t);
  await server.ask('ACL', 'SETUSER', 'app', 'on', '>sesame', '~*', '+info', '+eval', '+evalsha', '+ping');
  const redis = await clientOf(t, server.url.replace('redis://', 'redis://app:sesame@'));
  await waitUntil('connected', isUsable(redis));
  await assert.rejects(redis.call(['GET', 'a'], 1_000), failsAs('refused', /^NOPERM: .* may not run get \(NOPERM\)$/));
  // Older versions do not say which command of a script it was.
  await assert.rejects(
    redis.script(redisScript('test', "return redis.call('GET', KEYS[1])"), ['a'], [], 1_000),
    failsAs('refused', /^NOPERM: .*(?:may not run get|lacks a right)/),
  );
});

test('the reason says what is wrong with the address', { skip }, async (t) => {
  const server = await serverOf(t);
  await reasonOf(await clientOf(t, `${server.url}/99`), /no database of the number/);
  await reasonOf(await clientOf(t, `redis://127.0.0.1:${await freePort()}`), /nothing listens.*ECONNREFUSED/);
  await reasonOf(await clientOf(t, `rediss://127.0.0.1:${server.port}`), /does not speak TLS, use redis:\/\//);
  const silent = createServer(() => undefined);
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  t.after(() => silent.close());
  const address = silent.address();
  assert.ok(address !== null && typeof address === 'object');
  await reasonOf(await clientOf(t, `redis://127.0.0.1:${address.port}`), /accepts connections, but does not answer/);
  const http = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  t.after(() => http.close());
  const other = http.address();
  assert.ok(other !== null && typeof other === 'object');
  await reasonOf(await clientOf(t, `redis://127.0.0.1:${other.port}`), /broke|closes the connection/);
});

test('TLS: the certificate must be trusted, by ?cacert= if need be', { skip }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-redis-tls-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  const made = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', key, '-out', cert];
  execFileSync('openssl', ['req', '-x509', ...made, '-days', '2', ...subject], { stdio: 'ignore' });
  const server = await serverOf(t, { password: 'sesame', tls: { certFile: cert, keyFile: key } });
  const url = `rediss://:sesame@localhost:${server.tlsPort}`;
  const trusted = await clientOf(t, `${url}?cacert=${encodeURIComponent(cert)}`);
  await waitUntil('connected', isUsable(trusted));
  await reasonOf(await clientOf(t, `redis://:sesame@localhost:${server.tlsPort}`), /if it speaks TLS, use rediss:\/\//);
  await reasonOf(await clientOf(t, url), /certificate is not trusted; name its authority with \?cacert/);
  await assert.rejects(
    openRedis({ url: `${url}?cacert=/no/such.pem`, name: 'test' }),
    /Cannot read \/no\/such\.pem.*ENOENT/,
  );
});

test('commands of a traced request are spans without keys and values, and all are measured', { skip }, async (t) => {
  const server = await serverOf(t);
  const tracer = recordingTracer();
  const metrics = createMetrics();
  const redis = await openRedis({ url: `${server.url}/2`, name: 'test', tracer, metrics });
  t.after(() => redis.close());
  await waitUntil('connected', isUsable(redis));
  await redis.call(['SET', 'secret-key', 'secret-value'], 1_000);
  assert.equal(tracer.spans.length, 0, 'nobody asks for a span');
  const trace = idleTracer().begin(undefined);
  await withinTrace(trace, async () => {
    await redis.call(['GET', 'secret-key'], 1_000);
    await redis.script(redisScript('test.get', "return redis.call('GET', KEYS[1])"), ['secret-key'], [], 1_000);
    await assert.rejects(redis.call(['LPUSH', 'secret-key', 'x'], 1_000), failsAs('refused'));
  });
  assert.deepEqual(
    tracer.spans.map(({ name, failed, attributes }) => [name, failed, attributes['error.type']]),
    [
      ['GET', false, undefined],
      ['EVALSHA test.get', false, undefined],
      ['LPUSH', true, 'refused'],
    ],
  );
  for (const span of tracer.spans) {
    assert.deepEqual([span.parentSpanId, span.attributes['db.namespace']], [trace.spanId, '2']);
    assert.doesNotMatch(JSON.stringify(span), /secret/);
  }
  const { body } = metrics.render();
  assert.match(body, /_count\{db_system_name="redis",db_namespace="2",db_operation_name="SET",.*error_type=""\} 1/);
  assert.match(body, /_count\{db_system_name="redis",.*"LPUSH",error_type="refused"\} 1/);
});
