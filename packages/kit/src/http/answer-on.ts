import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** The answer that is being made on a server's connection, from the moment its request is known; undefined if there is none. */
export function answerOn(socket: Socket): ServerResponse | undefined {
  // Node keeps it here, and its own handler of parser errors looks at it as well.
  return (socket as Socket & { readonly _httpMessage?: ServerResponse | null })._httpMessage ?? undefined;
}
