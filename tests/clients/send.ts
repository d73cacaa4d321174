import assert from 'node:assert/strict';

/** Sends a body as JSON, by PUT, and checks that it was accepted. */
export async function put(url: string, body?: unknown): Promise<void> {
  await sent('PUT', url, body);
}

/** Sends a body as JSON and checks that it was accepted. */
export async function sent(method: string, url: string, body?: unknown): Promise<void> {
  const response = await fetch(url, {
    method,
    signal: AbortSignal.timeout(10_000),
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  assert.ok(response.ok, `${method} ${url}: ${response.status} ${await response.text()}`);
}
