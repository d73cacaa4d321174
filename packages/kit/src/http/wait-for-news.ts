import type { IncomingMessage } from 'node:http';
import { NewsWaits } from './news-waits.ts';
import { requestContext } from './request-context.ts';

/**
 * Runs the part of a request that waits for news, as in a long poll. How long that takes tells nothing of the service, and would
 * hide what is slow: it does not count in the durations of the metrics, and the request is logged and traced like those of
 * `requestLogLevel: 'debug'`.
 */
export async function waitForNews<Result>(
  request: { readonly raw: IncomingMessage },
  wait: () => Promise<Result>,
): Promise<Result> {
  const waits = (requestContext(request).waits ??= new NewsWaits());
  waits.begin();
  try {
    return await wait();
  } finally {
    waits.end();
  }
}
