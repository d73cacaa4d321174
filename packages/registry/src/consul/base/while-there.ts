import type { Asked } from './call.ts';

/**
 * Runs what may take long, with a signal that is aborted when the client has left. Only the connection tells: a request without a
 * body is over as soon as it has come.
 */
export async function whileThere<T>(
  { raw: { socket } }: Pick<Asked, 'raw'>,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const gone = new AbortController();
  const leave = (): void => gone.abort();
  socket.once('close', leave);
  if (socket.destroyed) leave();
  try {
    return await run(gone.signal);
  } finally {
    socket.off('close', leave);
  }
}
