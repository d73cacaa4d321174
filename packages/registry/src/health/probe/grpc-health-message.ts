/** How well a service says it is: `grpc.health.v1.HealthCheckResponse.ServingStatus`. */
export const servingStatuses = ['UNKNOWN', 'SERVING', 'NOT_SERVING', 'SERVICE_UNKNOWN'] as const;
export type ServingStatus = (typeof servingStatuses)[number];

/** A message without compression, as gRPC frames it: a flag, the length, the bytes. */
function framed(message: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

/** A framed `HealthCheckRequest`: field 1 is the name of the service. */
export function healthCheckRequest(service: string): Buffer {
  if (service === '') return framed(Buffer.alloc(0));
  const name = Buffer.from(service);
  return framed(Buffer.concat([Buffer.from([0x0a]), varint(name.length), name]));
}

/** What a framed `HealthCheckResponse` says; undefined if it is none. Fields we don't know are passed over. */
export function servingStatus(frame: Buffer): ServingStatus | undefined {
  if (frame.length < 5 || frame[0] !== 0) return undefined;
  const message = frame.subarray(5, 5 + frame.readUInt32BE(1));
  if (message.length < frame.readUInt32BE(1)) return undefined;
  let status = 0;
  for (let at = 0; at < message.length; ) {
    const tag = readVarint(message, at);
    const value = tag && readVarint(message, tag.end);
    if (tag === undefined || value === undefined) return undefined;
    const wireType = tag.value & 7;
    if (wireType === 0) {
      if (tag.value >> 3 === 1) status = value.value;
      at = value.end;
    } else if (wireType === 2) at = value.end + value.value;
    else return undefined;
  }
  return servingStatuses[status];
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (let left = value; ; left >>>= 7) {
    if (left < 0x80) return Buffer.from([...bytes, left]);
    bytes.push((left & 0x7f) | 0x80);
  }
}

function readVarint(bytes: Buffer, from: number): { readonly value: number; readonly end: number } | undefined {
  let value = 0;
  // What is longer does not fit into what bit operations can do, and no field of these messages needs it.
  for (let index = 0; index < 4; index += 1) {
    const byte = bytes[from + index];
    if (byte === undefined) return undefined;
    value |= (byte & 0x7f) << (7 * index);
    if (byte < 0x80) return { value, end: from + index + 1 };
  }
  return undefined;
}
