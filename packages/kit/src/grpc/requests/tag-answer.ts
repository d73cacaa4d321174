import { entityTag } from '../../resource/index.ts';
import type { GrpcCall } from '../server/grpc-call.ts';

/** Sends the tag of a record as `etag` in the answer's metadata. It is the one that HTTP sends in `ETag`: each is good for both. */
export function sendTag(call: Pick<GrpcCall, 'setHeader'>, shown: unknown): void {
  call.setHeader('etag', entityTag(JSON.stringify(shown)));
}
