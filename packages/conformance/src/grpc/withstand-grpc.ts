import assert from 'node:assert/strict';
import { constants } from 'node:http2';
import type { DescMethod, DescService } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { hostileCalls } from './hostile-calls.ts';
import { hostileMessages } from './hostile-messages.ts';
import { connectRawGrpc, type RawGrpc, type RawGrpcAnswer, type RawGrpcCall } from './reading-client.ts';

const statusUnknown = 2;
const statusInternal = 13;

/**
 * Sends every method of the services what nobody should send, made from their descriptors. None is answered with UNKNOWN or
 * INTERNAL, each refusal by the service has a code, nothing hangs, and the call after it works.
 *
 * @param next a call that has to work after each of them; rejects if it does not
 */
export async function assertGrpcWithstands(
  port: number,
  services: readonly DescService[],
  next: () => Promise<void>,
): Promise<{ readonly calls: number; readonly statuses: ReadonlySet<number | undefined> }> {
  const client = await connectRawGrpc(port);
  const statuses = new Set<number | undefined>();
  let calls = 0;
  const send = async (what: string, method: string, message: Uint8Array, call?: RawGrpcCall): Promise<void> => {
    const answer = await client.call(method, message, call);
    calls += 1;
    statuses.add(answer.status);
    assertGoodAnswer(`${method} with ${what}`, answer, call);
    if (call !== undefined) await next();
  };
  try {
    for (const service of services) {
      for (const method of service.methods) {
        await sendAll(method, (what, message, call) => send(what, pathOf(service, method), message, call));
        await next();
      }
      await assertUnknownMethods(client, service);
    }
  } finally {
    client.close();
  }
  return { calls, statuses };
}

/** Messages of which some bytes are others, or with more bytes than there should be; some are nothing but noise. */
function spoiled(messages: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array> {
  const noise = fc.uint8Array({ maxLength: 40 });
  const changed = fc.tuple(messages, fc.nat(), noise).map(([bytes, at, other]) => {
    const from = at % (bytes.length + 1);
    return Buffer.concat([bytes.subarray(0, from), other, bytes.subarray(from + (at % 3))]);
  });
  return fc.oneof(noise, changed);
}

type Send = (what: string, message: Uint8Array, call?: RawGrpcCall) => Promise<void>;

async function sendAll(method: DescMethod, send: Send): Promise<void> {
  const messages = hostileMessages(method.input);
  for (const { what, bytes } of messages) await send(what, bytes);
  const seeds = fc.constantFrom(...messages.map(({ bytes }) => bytes).filter(({ length }) => length < 1_000));
  await fc.assert(
    fc.asyncProperty(spoiled(seeds), (bytes) => send(Buffer.from(bytes).toString('hex'), bytes)),
    { numRuns: 200 },
  );
  // An id that there is not: nothing is changed by those of these calls that get through.
  const harmless = Buffer.from([0x08, 0xff, 0xff, 0xff, 0xff, 0x07]);
  for (const { what, call } of hostileCalls(harmless)) await send(what, harmless, call);
}

function pathOf(service: DescService, method: DescMethod): string {
  return `/${service.typeName}/${method.name}`;
}

async function assertUnknownMethods(client: RawGrpc, service: DescService): Promise<void> {
  const statusUnimplemented = 12;
  for (const path of [`/${service.typeName}/Nothing`, '/unknown.v1.Service/Get', '/', `/${service.typeName}`, '/%00'])
    assert.equal((await client.call(path, Buffer.alloc(0))).status, statusUnimplemented, path);
}

function assertGoodAnswer(what: string, answer: RawGrpcAnswer, call: RawGrpcCall | undefined): void {
  const { status, httpStatus } = answer;
  const said = `${what}: ${JSON.stringify({ httpStatus, reset: answer.reset, status, message: answer.message, reason: answer.reason })}`;
  if (call?.cancel !== undefined) return;
  // What is not gRPC is answered in HTTP's terms. Too much metadata is not even read: clients take the reset for RESOURCE_EXHAUSTED.
  if (status === undefined) {
    const isTooMuch = httpStatus === 0 && answer.reset === constants.NGHTTP2_ENHANCE_YOUR_CALM;
    assert.ok(isTooMuch || (httpStatus >= 400 && httpStatus < 500), said);
    return;
  }
  assert.ok(status !== statusUnknown && status !== statusInternal, said);
  assert.doesNotMatch(answer.message, /\bat .*:\d+|TypeError|undefined|BigInt/, said);
  if (status !== 0) assert.notEqual(answer.message, '', said);
}
