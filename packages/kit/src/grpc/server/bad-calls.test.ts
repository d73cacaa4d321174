import assert from 'node:assert/strict';
import { constants } from 'node:http2';
import { describe, it, type TestContext } from 'node:test';
import { gzipSync } from 'node:zlib';
import { create, fromBinary, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import {
  type Echo,
  echoService,
  type RawAnswer,
  RawGrpcClient,
  rawFrame,
  SayRequestSchema,
  SayResponseSchema,
  serveGrpc,
} from '@flotilla/conformance/grpc';
import { AppError } from '@flotilla/contracts';
import { createLogger } from '../../logger/index.ts';
import type { GrpcLimits } from './call-limits.ts';
import { type Handlers } from './implement.ts';

const say = '/flotilla.testing.Echo/Say';

const request = (init: MessageInitShape<typeof SayRequestSchema>): Buffer =>
  rawFrame(toBinary(SayRequestSchema, create(SayRequestSchema, init)));

async function serve(
  t: TestContext,
  handlers: Partial<Handlers<typeof Echo>> = {},
  limits: Partial<GrpcLimits> = {},
): Promise<{ client: RawGrpcClient; lines: string[] }> {
  const lines: string[] = [];
  const sink = { write: (line: string) => lines.push(line) };
  const logger = createLogger({ service: 'echo', instance: 'echo-1', format: 'json', stdout: sink, stderr: sink });
  const { server, port } = await serveGrpc([echoService(handlers)], { logger, limits });
  const client = new RawGrpcClient(port);
  t.after(async () => {
    client.close();
    await server.close();
  });
  return { client, lines };
}

const gzip = { 'grpc-encoding': 'gzip' };

const statusOf = ({ headers, trailers }: RawAnswer): string | undefined =>
  String(trailers['grpc-status'] ?? headers['grpc-status']);
const messageOf = ({ headers, trailers }: RawAnswer): string =>
  decodeURIComponent(String(trailers['grpc-message'] ?? headers['grpc-message'] ?? ''));

describe('a gRPC server', () => {
  it('answers a call', async (t) => {
    const { client } = await serve(t);
    const answer = await client.call({ path: say, chunks: [request({ text: '商品', id: 9007199254740993n })] });
    assert.equal(answer.headers[':status'], 200);
    assert.equal(answer.headers['content-type'], 'application/grpc');
    assert.equal(statusOf(answer), '0');
    const said = fromBinary(SayResponseSchema, answer.body.subarray(5));
    assert.deepEqual([said.text, said.id], ['商品', 9007199254740993n]);
  });

  it('reads a message however it is cut', async (t) => {
    const { client } = await serve(t);
    const whole = request({ text: 'x'.repeat(40) });
    const bytes = [...whole].map((_, at) => whole.subarray(at, at + 1));
    assert.equal(statusOf(await client.call({ path: say, chunks: bytes })), '0');
  });

  it('reads messages that are compressed with gzip, and says so', async (t) => {
    const { client } = await serve(t);
    const message = toBinary(SayRequestSchema, create(SayRequestSchema, { text: '商品'.repeat(1_000) }));
    const answer = await client.call({ path: say, headers: gzip, chunks: [rawFrame(gzipSync(message), { flag: 1 })] });
    assert.equal(fromBinary(SayResponseSchema, answer.body.subarray(5)).text.length, 2_000);
    assert.equal(answer.headers['grpc-accept-encoding'], 'identity,gzip');
    const plain = await client.call({ path: say, headers: gzip, chunks: [request({ text: 'x' })] });
    assert.equal(fromBinary(SayResponseSchema, plain.body.subarray(5)).text, 'x');
  });

  it('sends what a handler says beside an error in a block of its own before the trailers', async (t) => {
    const { client } = await serve(t, {
      say(_request, call) {
        call.setHeader('x-before', '1');
        call.setTrailer('x-after', '2');
        throw new AppError('NOT_FOUND');
      },
    });
    const { headers, trailers } = await client.call({ path: say, chunks: [request({})] });
    assert.deepEqual([headers['x-before'], headers['grpc-status']], ['1', undefined]);
    assert.deepEqual([trailers['x-after'], trailers['grpc-status']], ['2', '5']);
  });

  it('lets a caller ping as often as it likes during a call, and not without one', async (t) => {
    const answered = Promise.withResolvers<void>();
    const { client } = await serve(t, {
      async say({ text }) {
        if (text === 'slowly') await answered.promise;
        return {};
      },
    });
    assert.equal(statusOf(await client.call({ path: say, chunks: [request({})] })), '0');
    const ping = (): Promise<void> =>
      new Promise((resolve, reject) => {
        client.session.ping((error) => (error === null ? resolve() : reject(error)));
      });
    const call = client.call({ path: say, chunks: [request({ text: 'slowly' })] });
    for (let count = 0; count < 20; count += 1) await ping();
    answered.resolve();
    assert.equal(statusOf(await call), '0');
    const left = new Promise<number>((resolve) => client.session.once('goaway', resolve));
    for (let count = 0; count < 4; count += 1) await ping().catch(() => undefined);
    assert.equal(await left, constants.NGHTTP2_ENHANCE_YOUR_CALM);
  });

  it('passes over fields that it does not know', async (t) => {
    const { client } = await serve(t);
    const unknown = Buffer.from([0x7a, 1, 65, 0x0a, 1, 66]);
    const answer = await client.call({ path: say, chunks: [rawFrame(unknown)] });
    assert.equal(fromBinary(SayResponseSchema, answer.body.subarray(5)).text, 'B');
  });

  for (const [what, bytes, message] of [
    ['a text that is not UTF-8', [0x0a, 2, 0xff, 0xfe], /not valid UTF-8/],
    ['half of a surrogate pair', [0x0a, 3, 0xed, 0xa0, 0x80], /not valid UTF-8/],
    ['a field that ends early', [0x0a, 9, 65], /not a valid flotilla.testing.SayRequest/],
    ['a number that never ends', [0x10, ...Array<number>(11).fill(0xff)], /not a valid/],
    ['a tag of no field', [0x00, 0x01], /not a valid/],
    ['a group that never ends', [0x0b], /not a valid/],
  ] as const)
    it(`refuses ${what}`, async (t) => {
      const { client } = await serve(t);
      const answer = await client.call({ path: say, chunks: [rawFrame(Buffer.from(bytes))] });
      assert.equal(statusOf(answer), '3');
      assert.match(messageOf(answer), message);
      assert.equal(statusOf(await client.call({ path: say, chunks: [request({})] })), '0', 'and goes on serving');
    });

  it('refuses a message above its limit as soon as it is announced', async (t) => {
    const { client } = await serve(t, {}, { maxMessageBytes: 100 });
    const at = await client.call({ path: say, chunks: [request({ text: 'x'.repeat(98) })] });
    assert.equal(statusOf(at), '0');
    const above = await client.call({ path: say, chunks: [request({ text: 'x'.repeat(99) })] });
    assert.equal(statusOf(above), '8');
    assert.match(messageOf(above), /larger than 100 bytes/);
    const announced = await client.call({
      path: say,
      chunks: [rawFrame(Buffer.alloc(1), { length: 2 ** 32 - 1 })],
      end: false,
    });
    assert.equal(statusOf(announced), '8');
  });

  for (const [what, call, status] of [
    ['an unknown method', { path: '/flotilla.testing.Echo/Shout' }, '12'],
    ['an unknown service', { path: '/nobody/Say' }, '12'],
    ['a path that is no method', { path: '/' }, '12'],
    ['no message at all', { path: say }, '12'],
    ['two messages', { path: say, chunks: [request({}), request({})] }, '12'],
    ['a message that ends early', { path: say, chunks: [rawFrame(Buffer.alloc(3), { length: 9 })] }, '3'],
    ['a prefix that ends early', { path: say, chunks: [Buffer.from([0, 0])] }, '3'],
    ['a compressed message', { path: say, chunks: [rawFrame(Buffer.alloc(3), { flag: 1 })] }, '12'],
    ['a flag that does not exist', { path: say, chunks: [rawFrame(Buffer.alloc(3), { flag: 7 })] }, '3'],
    [
      'a compression that it does not know',
      { path: say, headers: { 'grpc-encoding': 'br' }, chunks: [request({})] },
      '12',
    ],
    ['a message that is not gzip', { path: say, headers: gzip, chunks: [rawFrame(Buffer.alloc(9), { flag: 1 })] }, '3'],
    [
      'a message that is too large once it is decompressed',
      { path: say, headers: gzip, chunks: [rawFrame(gzipSync(Buffer.alloc(2_000_000)), { flag: 1 })] },
      '8',
    ],
    ['a deadline that cannot be read', { path: say, headers: { 'grpc-timeout': 'soon' } }, '3'],
    ['a deadline of nine digits', { path: say, headers: { 'grpc-timeout': '123456789m' } }, '3'],
    ['a negative deadline', { path: say, headers: { 'grpc-timeout': '-1S' } }, '3'],
    ['a deadline that has passed', { path: say, headers: { 'grpc-timeout': '0m' }, chunks: [request({})] }, '4'],
  ] as const)
    it(`refuses ${what}`, async (t) => {
      const { client } = await serve(t);
      assert.equal(statusOf(await client.call(call)), status);
      assert.equal(statusOf(await client.call({ path: say, chunks: [request({})] })), '0', 'and goes on serving');
    });

  it('answers what is no call as HTTP says', async (t) => {
    const { client } = await serve(t);
    const asked = await client.call({ path: say, headers: { ':method': 'GET' } });
    assert.deepEqual([asked.headers[':status'], asked.headers['allow']], [405, 'POST']);
    for (const type of ['application/json', 'application/grpc-web', 'application/grpc+json', ''])
      assert.equal((await client.call({ path: say, headers: { 'content-type': type } })).headers[':status'], 415);
    for (const type of ['application/grpc+proto', 'application/grpc;charset=utf-8'])
      assert.equal(
        statusOf(await client.call({ path: say, headers: { 'content-type': type }, chunks: [request({})] })),
        '0',
      );
  });

  it('says nothing about a defect but logs it with the id of the request', async (t) => {
    const { client, lines } = await serve(t, {
      say: () => {
        throw new Error('the password is hunter2');
      },
    });
    const answer = await client.call({ path: say, headers: { 'x-request-id': 'r-1' }, chunks: [request({})] });
    assert.equal(statusOf(answer), '13');
    assert.equal(messageOf(answer), 'Something went wrong on our side');
    assert.doesNotMatch(JSON.stringify([answer.headers, answer.trailers]), /hunter2/);
    const line = lines.find((one) => one.includes('call failed')) ?? '';
    assert.match(line, /hunter2/);
    assert.match(line, /"requestId":"r-1"/);
  });

  it('answers with the status and the texts of an error, in the language of the caller', async (t) => {
    const { client } = await serve(t, {
      say: () => {
        throw new AppError('INVALID_REQUEST', {
          fields: [{ field: '/text', code: 'TOO_LONG', parameters: { max: 3 } }],
        });
      },
    });
    const english = await client.call({ path: say, chunks: [request({})] });
    assert.equal(statusOf(english), '3');
    assert.equal(messageOf(english), 'The request is not valid: text must have at most 3 characters');
    const chinese = await client.call({ path: say, headers: { 'accept-language': 'zh' }, chunks: [request({})] });
    assert.equal(messageOf(chinese), '无效的请求: text 最多 3 个字符');
  });

  it('logs and names each call once', async (t) => {
    const { client, lines } = await serve(t);
    const trace = '0af7651916cd43dd8448eb211c80319c';
    const headers = { 'x-request-id': 'r-7', traceparent: `00-${trace}-b7ad6b7169203331-01` };
    const answer = await client.call({ path: say, headers, chunks: [request({})] });
    assert.deepEqual([answer.headers['x-request-id'], answer.headers['x-trace-id']], ['r-7', trace]);
    const calls = lines.map((line) => JSON.parse(line) as Record<string, unknown>).filter(({ msg }) => msg === 'call');
    assert.equal(calls.length, 1);
    const [{ method, status, requestId, traceId } = {}] = calls;
    assert.deepEqual(
      { method, status, requestId, traceId },
      { method: 'flotilla.testing.Echo/Say', status: 'OK', requestId: 'r-7', traceId: trace },
    );
  });
});
