import { rawFrame } from './raw-call.ts';
import type { RawGrpcCall } from './reading-client.ts';

/** A call of which something besides the message is wrong. */
export interface HostileCall {
  /** What is wrong with it, for the name of a test. */
  readonly what: string;
  readonly call: RawGrpcCall;
}

const zipped = Buffer.from('1f8b0800000000000003030000000000000000', 'hex');

/** Calls that break a rule of gRPC, or stretch one: deadlines, framing, cancellation, metadata. */
export function hostileCalls(message: Uint8Array): readonly HostileCall[] {
  const body = (bytes: Uint8Array): RawGrpcCall => ({ body: bytes });
  const headers = (fields: RawGrpcCall['headers'] & object): RawGrpcCall => ({ headers: fields });
  return [
    { what: 'no message', call: body(Buffer.alloc(0)) },
    { what: 'two messages', call: body(Buffer.concat([rawFrame(message), rawFrame(message)])) },
    { what: 'half a prefix', call: body(rawFrame(message).subarray(0, 3)) },
    { what: 'less than the prefix says', call: body(rawFrame(message, { length: message.length + 10 })) },
    { what: 'more than the prefix says', call: body(Buffer.concat([rawFrame(message), Buffer.from([0])])) },
    { what: 'a prefix of 4 GiB', call: body(rawFrame(message, { length: 0xffff_ffff })) },
    { what: 'a flag that does not exist', call: body(rawFrame(message, { flag: 2 })) },
    { what: 'a compressed message without a coding', call: body(rawFrame(message, { flag: 1 })) },
    { what: 'a message over the limit', call: body(rawFrame(Buffer.alloc(5 * 1_024 * 1_024, 0x61))) },
    {
      what: 'a compressed message that is not',
      call: { ...headers({ 'grpc-encoding': 'gzip' }), body: rawFrame(message, { flag: 1 }) },
    },
    { what: 'gzip', call: { ...headers({ 'grpc-encoding': 'gzip' }), body: rawFrame(zipped, { flag: 1 }) } },
    { what: 'an unknown coding', call: headers({ 'grpc-encoding': 'x-unknown' }) },
    ...['0n', '0S', '1n', '-1S', '1', 'S', '', '1.5S', '123456789S', '99999999H', 'soon'].map((timeout) => ({
      what: `the timeout "${timeout}"`,
      call: headers({ 'grpc-timeout': timeout }),
    })),
    { what: 'another content type', call: headers({ 'content-type': 'application/json' }) },
    { what: 'an unknown message format', call: headers({ 'content-type': 'application/grpc+unknown' }) },
    { what: 'no content type', call: headers({ 'content-type': undefined }) },
    { what: 'no te', call: headers({ te: undefined }) },
    { what: 'PUT', call: headers({ ':method': 'PUT' }) },
    { what: 'a call cancelled at once', call: { cancel: 'at once' } },
    { what: 'a call cancelled after sending', call: { cancel: 'after sending' } },
    ...odd.flatMap((value) =>
      ['x-odd', 'x-odd-bin', 'accept-language', 'x-request-id', 'traceparent', 'tracestate', 'idempotency-key'].map(
        (name) => ({ what: `${name}: ${shortly(value)}`, call: headers({ [name]: value }) }),
      ),
    ),
    { what: 'metadata over the limit', call: headers({ 'x-long': 'a'.repeat(40_000) }) },
    { what: '200 fields of metadata', call: headers(manyFields) },
    { what: 'a field twice', call: headers({ 'x-request-id': ['a', 'b'], traceparent: ['a', 'b'] }) },
    { what: 'fields of gRPC itself', call: headers({ 'grpc-status': '0', 'grpc-message': 'x', 'grpc-unknown': 'x' }) },
  ];
}

const manyFields = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`x-field-${index}`, 'a']));
const odd = ['', ' ', '"', '%', '%ff', ',;=*"', 'é\u00ff', '=', 'a'.repeat(8_000)];

function shortly(value: string): string {
  return value.length > 20 ? `${value.length} characters` : JSON.stringify(value);
}
