import { get } from 'node:http';

/**
 * Whether anything answers at `url` in time. Any answer counts, a refusal too: a program that is too busy for more is not
 * one that hangs. Each question has a connection of its own, so it also shows that new ones are accepted.
 */
export function askLiveness(url: string, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(url, { agent: false }, (response) => {
      response.resume();
      clearTimeout(limit);
      resolve(true);
    });
    const limit = setTimeout(() => request.destroy(), timeoutMs);
    request.on('error', () => {
      clearTimeout(limit);
      resolve(false);
    });
  });
}
