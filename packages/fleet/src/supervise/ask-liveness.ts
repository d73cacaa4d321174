import { get } from 'node:http';

/**
 * Whether anything answers at `url` in time. Any answer counts, a refusal too: a program that is too busy for more is not
 * one that hangs. Each question has a connection of its own, so it also shows that new ones are accepted.
 */
export function askLiveness(url: string, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (answers: boolean): void => {
      clearTimeout(limit);
      resolve(answers);
    };
    const request = get(url, { agent: false }, (response) => {
      response.resume();
      end(true);
    });
    const limit = setTimeout(() => request.destroy(), timeoutMs);
    // An odd answer, which nobody would hear of otherwise.
    request.on('upgrade', (_answer, socket) => {
      socket.destroy();
      end(true);
    });
    request.on('error', () => end(false));
  });
}
