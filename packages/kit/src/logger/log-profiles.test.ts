import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readLogLine } from './log-line.ts';
import { createLogger, type LoggerOptions } from './logger.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const spanId = 'b7ad6b7169203331';

function lines(options: Partial<LoggerOptions>) {
  const written: string[] = [];
  const sink = { write: (text: string) => written.push(text) };
  const logger = createLogger({
    service: 's',
    instance: 's-1',
    format: 'json',
    stdout: sink,
    stderr: sink,
    ...options,
  });
  const last = (): Record<string, unknown> => JSON.parse(written.at(-1) ?? '{}');
  return { logger, written, last };
}

const request = { method: 'GET', path: '/a', status: 200, durationMs: 1.5, route: '/{x}', requestId: 'r', traceId };

test('an ECS line has the names of the Elastic Common Schema', () => {
  const { logger, written, last } = lines({ profile: 'ecs' });
  logger.child({ worker: 1 }).info({ ...request, client: '::1', upstream: 'a:1' }, 'request');
  assert.match(written[0] ?? '', /^\{"log\.level":"info","@timestamp":"[\dT:.-]+Z","ecs\.version":"/);
  const { '@timestamp': _time, 'ecs.version': _version, ...line } = last();
  assert.deepEqual(line, {
    'log.level': 'info',
    message: 'request',
    'service.name': 's',
    'service.node.name': 's-1',
    worker: 1,
    'http.request.method': 'GET',
    'url.path': '/a',
    'http.response.status_code': 200,
    'event.duration': 1_500_000,
    'http.route': '/{x}',
    'http.request.id': 'r',
    'trace.id': traceId,
    'client.address': '::1',
    upstream: 'a:1',
  });
});

test('an ECS line gives no plain value to a field that the schema has as an object', () => {
  const { logger, last } = lines({ profile: 'ecs' });
  logger.info({ server: 'operators', url: 'http://a/', user: { id: 1 }, method: 'Get', port: 1 }, 'also listening');
  const { 'labels.server': server, 'labels.url': url, 'labels.user': user, method, port, ...rest } = last();
  assert.deepEqual([server, url, user, method, port], ['operators', 'http://a/', '{"id":1}', 'Get', 1]);
  for (const name of ['server', 'url', 'user', 'service']) assert.equal(rest[name], undefined, name);
});

test('an OpenTelemetry line has body, severity, ids, attributes and resource', () => {
  const { logger, last } = lines({ profile: 'otel', trace: () => ({ traceId, spanId, sampled: true }) });
  logger.warn({ ...request, code: 'NOT_FOUND' }, 'request');
  const { timestamp, ...line } = last();
  assert.match(String(timestamp), /Z$/);
  assert.deepEqual(line, {
    severity_text: 'WARN',
    severity_number: 13,
    body: 'request',
    trace_id: traceId,
    span_id: spanId,
    trace_flags: '01',
    resource: { 'service.name': 's', 'service.instance.id': 's-1' },
    attributes: {
      'http.request.method': 'GET',
      'url.path': '/a',
      'http.response.status_code': 200,
      durationMs: 1.5,
      'http.route': '/{x}',
      requestId: 'r',
      'error.type': 'NOT_FOUND',
    },
  });
  logger.info('alone');
  assert.equal(last()['body'], 'alone');
});

test('an error is a type, a message and a stack with its causes, in both', () => {
  const error = Object.assign(new Error('outer', { cause: new TypeError('inner') }), {
    code: 'EX',
    syscall: 'connect',
  });
  for (const [profile, prefix, stackName] of [
    ['ecs', 'error', 'error.stack_trace'],
    ['otel', 'exception', 'exception.stacktrace'],
  ] as const) {
    const { logger, last } = lines({ profile });
    logger.error({ err: error, attempt: 1 }, 'failed');
    const line = last();
    const fields = (profile === 'ecs' ? line : line['attributes']) as Record<string, unknown>; // As written above.
    assert.equal(fields[`${prefix}.type`], 'Error');
    assert.equal(fields[`${prefix}.message`], 'outer');
    assert.match(String(fields[stackName]), /^Error: outer\n +at [\s\S]*\nCaused by: TypeError: inner\n +at /);
    assert.equal(fields[profile === 'ecs' ? 'error.code' : 'error.type'], 'EX');
    assert.deepEqual(fields[`${prefix}.details`], { syscall: 'connect' });
    assert.equal(fields['attempt'], 1);
    assert.equal(fields['err'], undefined);
  }
});

test('secrets, long texts and cycles are kept out of every profile', () => {
  for (const profile of ['native', 'ecs', 'otel'] as const) {
    const { logger, written } = lines({ profile });
    const circle: Record<string, unknown> = { password: 'hunter2' };
    circle['self'] = circle;
    logger.child({ token: 'hunter2' }).info({ circle, authorization: 'hunter2', long: 'x'.repeat(100_000) }, 'x');
    logger.error({ err: Object.assign(new Error('e'), { token: 'hunter2' }), cookie: 'hunter2' }, 'x');
    assert.doesNotMatch(written.join(''), /hunter2/, profile);
    assert.ok(written.every((line) => line.length < 6_000 && line.endsWith('}\n')));
  }
});

test('a line in any profile reads as the native one does', () => {
  const error = Object.assign(new Error('no'), { code: 'EX' });
  const read = (['native', 'ecs', 'otel'] as const).map((profile) => {
    const { logger, written } = lines({ profile });
    logger.child({ requestId: 'r' }).error({ ...request, server: 'x', err: error, client: '::1', spanId }, 'request');
    const { time, err, ...fields } = readLogLine(written[0]?.trimEnd() ?? '') ?? {};
    assert.match(String(time), /Z$/);
    const { stack, ...said } = err as Record<string, unknown>; // As logged above.
    assert.match(String(stack), /^Error: no\n/);
    return { ...fields, err: { ...said, code: undefined } };
  });
  assert.deepEqual(read[1], read[0]);
  const { code: _code, ...otel } = read[2] as Record<string, unknown>; // Where OpenTelemetry has the error's code.
  assert.deepEqual(otel, read[0]);
});

test('pretty lines are the same with every profile', () => {
  const pretty = (['native', 'ecs', 'otel'] as const).map((profile) => {
    const { logger, written } = lines({ profile, format: 'pretty', colour: false });
    logger.info({ ...request, server: 1 }, 'request');
    return written.join('').slice('00:00:00'.length);
  });
  assert.deepEqual(new Set(pretty).size, 1);
});

test('a line of a traced request names its trace and span, and no other trace', () => {
  const { logger, last } = lines({ trace: () => ({ traceId, spanId, sampled: true }) });
  const ids = (): unknown[] => [last()['traceId'], last()['spanId']];
  logger.info('x');
  assert.deepEqual(ids(), [traceId, spanId]);
  logger.child({ traceId }).info({ a: 1 }, 'x');
  assert.deepEqual(ids(), [traceId, spanId]);
  logger.info({ traceId: 'another' }, 'x');
  assert.deepEqual(ids(), ['another', undefined]);
  logger.info({ traceId, spanId: 'another' }, 'x');
  assert.deepEqual(ids(), [traceId, 'another']);
});

test('whoever taps the log gets every line, also those that nobody reads', () => {
  const tapped: string[] = [];
  const { logger, written } = lines({ tap: (line) => tapped.push(line) });
  logger.info({ a: 1 }, 'one');
  assert.deepEqual(tapped, written);
});
