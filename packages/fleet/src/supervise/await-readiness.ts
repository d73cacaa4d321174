import { get } from 'node:http';
import { connect } from 'node:net';
import type { Clock } from '@flotilla/contracts';

/** A place on this machine. */
export interface Place {
  readonly host: string;
  readonly port: number;
}

/** Soon enough that nobody notices the difference, seldom enough to cost nothing. */
const pollMs = 50;

/** Asks until the answer is yes, then calls `onReady` once; the function that it returns ends that. */
export function awaitReadiness(clock: Clock, isReady: () => Promise<boolean>, onReady: () => void): () => void {
  let over = false;
  const ask = async (): Promise<void> => {
    const ready = await isReady();
    if (over) return;
    if (!ready) {
      clock.after(pollMs, () => void (over || void ask()));
      return;
    }
    over = true;
    onReady();
  };
  void ask();
  return () => {
    over = true;
  };
}

/** Whether a program answers at this URL that it is well: with a status below 400. */
export function isWell(url: string, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (isWell: boolean): void => {
      clearTimeout(limit);
      resolve(isWell);
    };
    const request = get(url, { agent: false }, (response) => {
      response.resume();
      end((response.statusCode ?? 500) < 400);
    });
    const limit = setTimeout(() => request.destroy(), timeoutMs);
    request.on('error', () => end(false));
    // Without an error: an answer that switches to another protocol.
    request.on('close', () => end(false));
  });
}

/** Whether something accepts connections there. */
export function accepts({ host, port }: Place, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: timeoutMs });
    const end = (accepted: boolean): void => {
      socket.destroy();
      resolve(accepted);
    };
    socket.on('connect', () => end(true));
    socket.on('timeout', () => end(false));
    socket.on('error', () => end(false));
  });
}
