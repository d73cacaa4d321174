import type { IncomingHttpHeaders } from 'node:http2';

/** What comes with a call beside its messages: headers of the request, or headers and trailers of the answer. */
export interface Metadata {
  /** A value by its name in lower case; repeated ones joined with `, `. Undefined if it did not come. */
  get(name: string): string | undefined;
  /** The bytes of each value with a name that ends in `-bin`. */
  bytes(name: string): readonly Buffer[];
  /** The names that came, without those that gRPC and HTTP/2 use themselves. */
  names(): readonly string[];
}

const reserved = /^(?::|grpc-|te$|content-type$|connection$|transfer-encoding$)/;
const sendableName = /^[a-z0-9_.-]{1,200}$/;
const sendableValue = /^[\x20-\x7e]*$/;

/** The metadata in HTTP/2's headers. */
export function metadataOf(...blocks: readonly IncomingHttpHeaders[]): Metadata {
  const get = (name: string): string | undefined => {
    for (const headers of blocks) {
      const value = headers[name];
      if (value !== undefined) return typeof value === 'string' ? value : value.join(', ');
    }
    return undefined;
  };
  return {
    get,
    bytes: (name) => (get(name) ?? '').split(',').flatMap((part) => (part.trim() === '' ? [] : [fromBase64(part)])),
    names: () => blocks.flatMap((headers) => Object.keys(headers).filter((name) => !reserved.test(name))),
  };
}

/**
 * Throws a TypeError if `name` with `value` cannot be sent as metadata: names are lower-case letters, digits, `_`, `.` and `-`,
 * none that gRPC uses itself; values are printable ASCII.
 */
export function checkMetadata(name: string, value: string): void {
  if (!sendableName.test(name) || reserved.test(name)) throw new TypeError(`"${name}" is not a name for metadata.`);
  if (!sendableValue.test(value))
    throw new TypeError(`The value of "${name}" is not printable ASCII. Encode it, or use a name that ends in "-bin".`);
}

/** Bytes as the value of a header: base64 without padding. */
export function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64').replace(/=+$/, '');
}

/** The bytes of a value with or without padding. */
export function fromBase64(value: string): Buffer {
  return Buffer.from(value.trim(), 'base64');
}
