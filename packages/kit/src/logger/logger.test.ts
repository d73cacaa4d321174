import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, it } from 'node:test';
import { AppError, ForeseenError } from '@flotilla/contracts';
import { createLogger, type LoggerOptions } from './logger.ts';

function record(options: Partial<LoggerOptions> = {}) {
  const out: string[] = [];
  const err: string[] = [];
  const logger = createLogger({
    service: 'user-service',
    instance: 'u-1',
    format: 'json',
    stdout: { write: (text: string) => out.push(text) },
    stderr: { write: (text: string) => err.push(text) },
    ...options,
  });
  const last = (lines: readonly string[]): Record<string, unknown> => JSON.parse(lines.at(-1) ?? '{}');
  return { logger, out, err, lastOut: () => last(out), lastErr: () => last(err) };
}

describe('createLogger', () => {
  it('writes one JSON line per event with service, instance, level and time', () => {
    const { logger, out, lastOut } = record();
    logger.info({ port: 1 }, 'listening');
    assert.equal(out.length, 1);
    assert.ok(out[0]?.endsWith('}\n'));
    const { time, ...line } = lastOut();
    assert.deepEqual(line, { level: 'info', service: 'user-service', instance: 'u-1', port: 1, msg: 'listening' });
    assert.match(String(time), /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  });

  it('sends errors to stderr and everything else to stdout', () => {
    const { logger, out, err } = record({ level: 'trace' });
    logger.trace('t');
    logger.debug('d');
    logger.info('i');
    logger.warn('w');
    assert.deepEqual([out.length, err.length], [4, 0]);
    logger.error('e');
    logger.fatal('f');
    assert.deepEqual([out.length, err.length], [4, 2]);
  });

  it('follows a change of the level at once, also in children', () => {
    const { logger, out } = record({ level: 'info' });
    const child = logger.child({ requestId: 'r' });
    child.debug('hidden');
    logger.level = 'debug';
    child.debug('shown');
    assert.equal(child.isEnabled('debug'), true);
    logger.level = 'silent';
    child.fatal('hidden');
    assert.deepEqual(
      out.map((line) => JSON.parse(line).msg),
      ['shown'],
    );
  });

  it('puts the bindings of a child on every line', () => {
    const { logger, lastOut } = record();
    logger.child({ requestId: 'r', token: 'hunter2' }).child({ traceId: 't' }).info('x');
    const { requestId, traceId, token } = lastOut();
    assert.deepEqual({ requestId, traceId, token }, { requestId: 'r', traceId: 't', token: '***' });
  });

  it('hides secrets at any depth and in any spelling', () => {
    const { logger, out, lastOut } = record();
    const headers = { Authorization: 'hunter2', 'Set-Cookie': ['hunter2'], 'x-api-key': 'hunter2', accept: '*/*' };
    logger.info(
      { password: 'hunter2', request: { headers, list: [{ client_secret: 'hunter2' }] }, passwordHint: 'dog' },
      'x',
    );
    assert.doesNotMatch(out.join(''), /hunter2/);
    assert.deepEqual(lastOut()['request'], {
      headers: { Authorization: '***', 'Set-Cookie': '***', 'x-api-key': '***', accept: '*/*' },
      list: [{ client_secret: '***' }],
    });
    assert.equal(lastOut()['passwordHint'], 'dog');
  });

  it('handles cycles, and does not change its arguments', () => {
    const { logger, lastOut } = record();
    const circle: Record<string, unknown> = { password: 'p' };
    circle['self'] = circle;
    logger.info({ circle, when: new Date(0), url: new URL('http://a/'), bytes: Buffer.alloc(3) }, 'x');
    assert.equal(circle['password'], 'p');
    assert.equal(lastOut()['when'], '1970-01-01T00:00:00.000Z');
    assert.equal(lastOut()['url'], 'http://a/');
    assert.equal(lastOut()['bytes'], '[3 bytes]');
  });

  it('hides secrets in what an object says of itself, and limits that too', () => {
    const { logger, lastOut } = record();
    const row = { toJSON: () => ({ name: 'Ada', password: 'hunter2', text: 'x'.repeat(9_000) }) };
    logger.info({ row, rows: [row], bad: new Date(Number.NaN) }, 'x');
    const { row: shown, rows, bad } = lastOut();
    assert.equal((shown as { readonly password: unknown }).password, '***');
    assert.equal(bad, null);
    assert.doesNotMatch(JSON.stringify([shown, rows]), /hunter2|x{2001}/);
  });

  it('writes a line also if its fields cannot be read', () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    const fail = (): never => {
      throw new Error('no such column');
    };
    for (const profile of ['native', 'ecs', 'otel'] as const) {
      const { logger, out } = record({ profile });
      for (const fields of [
        { row: { toJSON: fail } },
        Object.defineProperty({}, 'x', { get: fail, enumerable: true }),
      ]) {
        logger.info(fields, 'saved');
        assert.match(out.at(-1) ?? '', /no such column.*saved|saved.*no such column/);
        logger.child(fields).info('saved');
        assert.match(out.at(-1) ?? '', /no such column.*saved|saved.*no such column/);
      }
      logger.info({ proxy }, 'saved');
      logger.info(proxy, 'saved');
      assert.equal(out.filter((line) => line.includes('saved')).length, 6);
    }
  });

  it('shows an error under any name, and in a list', () => {
    const { logger, lastErr } = record();
    const error = new Error('no way', { cause: new TypeError('because') });
    logger.error({ reason: error, failed: [{ one: error }], password: error }, 'failed');
    const { reason, failed, password } = lastErr() as Record<string, Record<string, unknown>>;
    assert.equal(reason?.['message'], 'no way');
    assert.equal((reason['cause'] as { message: string }).message, 'because');
    assert.match(JSON.stringify(failed), /^\[\{"one":\{"type":"Error","message":"no way"/);
    assert.equal(password, '***');
    logger.child({ reason: error }).error({ error }, 'failed');
    assert.equal((lastErr()['reason'] as { message: string }).message, 'no way');
    assert.match(String((lastErr()['error'] as { stack: string }).stack), /^Error: no way\n/);
  });

  it('shows an error with its code, its stack and its chain of causes', () => {
    const { logger, lastErr } = record();
    const cause = Object.assign(new Error('connect'), { code: 'ECONNREFUSED', port: 1, token: 'hunter2' });
    logger.error({ err: new AppError('INTERNAL', { cause }) }, 'failed');
    const err = lastErr()['err'] as { type: string; code: string; stack: string; cause: Record<string, unknown> };
    assert.deepEqual([err.type, err.code], ['AppError', 'INTERNAL']);
    assert.match(err.stack, /logger\.test/);
    assert.equal(err.cause['code'], 'ECONNREFUSED');
    assert.equal(err.cause['port'], 1);
    assert.equal(err.cause['token'], '***');
  });

  it('leaves out a stack that does not help: of a foreseen error, or with frames of Node alone', async () => {
    const { logger, lastErr } = record();
    const refused = connect(1, '127.0.0.1');
    const [cause] = (await once(refused, 'error')) as [Error]; // Nobody listens there.
    logger.error({ err: new AppError('SERVICE_UNAVAILABLE', { parameters: { service: 's' }, cause }) }, 'failed');
    assert.doesNotMatch(JSON.stringify(lastErr()), /"stack"/);
    assert.match(JSON.stringify(lastErr()), /The service s is not available.*connect ECONNREFUSED/);
    logger.error({ err: new ForeseenError('Too late', { cause: new TypeError('x is no function') }) }, 'failed');
    const err = lastErr()['err'] as { stack?: string; cause: { stack: string } };
    assert.equal(err.stack, undefined);
    assert.match(err.cause.stack, /^TypeError: x is no function\n +at .*logger\.test/);
  });

  it('accepts an error alone, and anything else that can be thrown', () => {
    const { logger, lastErr } = record();
    logger.error(new Error('alone'), 'x');
    assert.equal((lastErr()['err'] as { message: string }).message, 'alone');
    logger.error({ err: undefined }, 'x');
    logger.error({ err: 'text' }, 'x');
    assert.deepEqual(lastErr()['err'], { type: 'string', message: 'text' });
    logger.error({ err: new AggregateError([new Error('one')], 'many') }, 'x');
    assert.equal((lastErr()['err'] as { errors: { message: string }[] }).errors[0]?.message, 'one');
  });

  it('is readable on a terminal unless JSON is requested', () => {
    const out: string[] = [];
    const terminal = { isTTY: true, write: (text: string) => out.push(text) };
    record({ format: 'auto', stdout: terminal }).logger.info({ a: 1 }, 'hello');
    record({ format: 'json', stdout: terminal }).logger.info({ a: 1 }, 'hello');
    assert.match(out[0] ?? '', /^.*:\d\d.* hello .*a=.*1/);
    assert.doesNotMatch(out[0] ?? '', /^\{/);
    assert.match(out[1] ?? '', /^\{"level":"info"/);
  });

  it('writes no name twice, whatever the names of fields and bindings', () => {
    const { logger, out, lastOut } = record();
    logger.info({ level: 'debug', time: 1, msg: 'x', service: 's', service_: 't' }, 'changed');
    logger.child({ worker: 1, level: 2 }).child({ worker: 2 }).info({ worker: 3 }, 'x');
    for (const line of out) {
      const names = [...line.matchAll(/"(\w+)":/g)].map(([, name]) => name);
      assert.deepEqual(names, [...new Set(names)], line);
    }
    const { worker, worker_, level, level_ } = lastOut();
    assert.deepEqual({ worker, worker_, level, level_ }, { worker: 2, worker_: 3, level: 'info', level_: 2 });
    assert.deepEqual(
      [JSON.parse(out[0] ?? '').service, JSON.parse(out[0] ?? '').service__, JSON.parse(out[0] ?? '').service_],
      ['user-service', 's', 't'],
    );
  });

  const hostile = 'a\u001b[2J\u009b31m\u007f\u202eb\u2028\r\nforged';

  it('keeps control characters from requests away from terminals, as JSON and pretty, in fields and in errors', () => {
    for (const format of ['json', 'pretty'] as const) {
      const { logger, out, err } = record({ format });
      logger.info({ path: hostile, [hostile]: 1, list: [hostile] }, 'x');
      logger.error({ err: new Error(hostile) }, 'x');
      for (const line of [...out, ...err])
        assert.doesNotMatch(line.replaceAll('\n', ''), /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u);
      assert.doesNotMatch(out.join(''), /^forged/m);
      assert.match(out.join(''), /\\u001b\[2J\\u009b31m/);
    }
  });

  it('shows people the time, the level, the message and the fields, and below them the errors with their fields', () => {
    const { logger, err } = record({ format: 'pretty' });
    const cause = Object.assign(new Error('connect refused'), { code: 'ECONNREFUSED', port: 8001 });
    const error = new AppError('STORAGE_UNAVAILABLE', { cause, detail: 'The disk is full.' });
    logger.error({ err: error, path: '/a b' }, 'request failed');
    const [first = '', ...below] = err.join('').split('\n');
    assert.match(first, /^\d\d:\d\d:\d\d ERROR request failed path="\/a b"$/);
    const shown = below.filter((line) => !/^ +at /.test(line)).map((line) => line.trim());
    assert.deepEqual(shown, [
      'AppError: The database is temporarily unavailable',
      'code=STORAGE_UNAVAILABLE detail="The disk is full."',
      'caused by: Error: connect refused',
      'code=ECONNREFUSED port=8001',
      '',
    ]);
  });

  it('keeps the values of a line for parsers', () => {
    const { logger, lastOut } = record();
    logger.info({ path: hostile, slash: 'C:\\u001b' }, 'x');
    assert.equal(lastOut()['path'], hostile);
    assert.equal(lastOut()['slash'], 'C:\\u001b');
  });

  it('reports invalid JSON without quoting it', () => {
    const { logger, err } = record();
    for (const text of [
      '{"card":"4111"x}',
      '4111',
      'secret',
      `{"a":"${'b'.repeat(50)}",secret}`,
      '{"secret":\n"4111" oops',
      '',
    ])
      try {
        JSON.parse(text);
      } catch (error) {
        logger.error({ err: new Error('The body could not be read', { cause: error }) }, 'x');
      }
    assert.equal(err.length, 5);
    assert.doesNotMatch(err.join(''), /4111|secret|bbb/);
    assert.match(err.join(''), /Unexpected token: is not valid JSON/);
  });

  it('limits the size of a line: strings, lists, names, messages of errors', () => {
    const { logger, out, err } = record();
    const long = 'x'.repeat(1_000_000);
    logger.info({ path: long, list: Array.from({ length: 10_000 }, () => 'y'), inner: { [long]: 1 } }, 'x');
    logger.error({ err: new Error(long) }, 'x');
    assert.ok((out[0]?.length ?? 0) < 5_000, String(out[0]?.length));
    assert.ok((err[0]?.length ?? 0) < 20_000, String(err[0]?.length));
    assert.match(out[0] ?? '', /998000 more characters/);
  });
});
