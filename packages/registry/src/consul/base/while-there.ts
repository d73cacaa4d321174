import { waitForNews } from '@flotilla/kit/http';
import type { Asked } from './call.ts';

/**
 * Waits for news on behalf of a request, with a signal that is aborted when the client has left. Only the connection tells: a
 * request without a body is over as soon as it has come.
 */
export async function whileThere<T>(request: Pick<Asked, 'raw'>, run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const { socket } = request.raw;
  const gone = new AbortController();
  const leave = (): void => gone.abort();
  socket.once('close', leave);
  if (socket.destroyed) leave();
  try {
    return await waitForNews(request, () => run(gone.signal));
  } finally {
    socket.off('close', leave);
  }
}
