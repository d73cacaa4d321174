import { request } from 'node:http';

/** A request whose body is on its way. */
export interface SlowRequest {
  /** Sends the rest of the body. */
  finish(): void;
  /** The status, or the error's code when the connection was cut. */
  readonly outcome: Promise<number | string>;
}

/** Begins to create a user and leaves the body unfinished; resolves when the head has been sent. */
export function beginSlowRequest(base: string): Promise<SlowRequest> {
  const body = JSON.stringify({ name: 'Slow', email: `slow${process.hrtime.bigint()}@example.com` });
  const headers = { 'content-type': 'application/json', 'content-length': String(body.length) };
  return new Promise((resolve) => {
    const sent = request(`${base}/users`, { method: 'POST', headers });
    const outcome = new Promise<number | string>((settle) => {
      sent.on('response', (response) => {
        response.resume();
        settle(response.statusCode ?? 0);
      });
      sent.on('error', (error: NodeJS.ErrnoException) => settle(error.code ?? error.message));
    });
    sent.write(body.slice(0, 5), () => resolve({ finish: () => sent.end(body.slice(5)), outcome }));
  });
}
