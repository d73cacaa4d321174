import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** The answer in progress on a server's connection, from the moment its request is known; undefined if there is none. */
export function answerOn(socket: Socket): ServerResponse | undefined {
  // Node keeps it here, and its own handler of parser errors reads it as well.
  return (socket as Socket & { readonly _httpMessage?: ServerResponse | null })._httpMessage ?? undefined;
}
