import type { Clock, Logger } from '@flotilla/contracts';
import type { Metrics } from '../telemetry/index.ts';
import { OtlpSender } from './otlp-sender.ts';
import type { OtlpTarget } from './otlp-target.ts';
import type { Post } from './post.ts';

/** What sends a signal to its target. */
export async function senderTo(
  target: OtlpTarget,
  around: { readonly clock: Clock; readonly logger: Logger; readonly metrics: Metrics },
): Promise<OtlpSender> {
  const { signal, timeoutMs, url } = target;
  // Without the user and the password, which a URL may have.
  const shown = `${url.origin}${url.pathname}`;
  return new OtlpSender({ ...around, signal, timeoutMs, url: shown, post: await postTo(target) });
}

async function postTo(target: OtlpTarget): Promise<Post> {
  if (target.protocol === 'grpc') {
    const { grpcPost } = await import('./grpc-post.ts');
    return grpcPost(target);
  }
  const { httpPost } = await import('./http-post.ts');
  return httpPost(target);
}
