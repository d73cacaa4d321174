import type { Rendered } from './answer.ts';
import type { Replying } from './call.ts';

/** Sends an answer as it is, its type included: Fastify adds a charset to the type of every JSON text that it sends. */
export function sendRendered(reply: Replying, { status, headers, body }: Rendered): Replying {
  return reply
    .code(status)
    .headers(headers)
    .serializer(asItIs)
    .send(body.length === 0 ? undefined : body);
}

function asItIs(body: string): string {
  return body;
}
