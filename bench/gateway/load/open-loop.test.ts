import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import type { OpenLoopResult } from './open-loop.ts';

const program = path.join(import.meta.dirname, 'open-loop.ts');

/** 200 requests per second for one second after half a second that is not measured: 300 in all, on one connection. */
async function loadOn(listener: RequestListener): Promise<OpenLoopResult> {
  const server = createServer(listener);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  try {
    // It listens on TCP.
    const { port } = server.address() as AddressInfo;
    const args = [program, String(port), '/', '200', '1', '1'];
    const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 20_000 });
    return JSON.parse(stdout) as OpenLoopResult;
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test('a stall delays all requests that were due meanwhile, not only the one that met it', async () => {
  let count = 0;
  const result = await loadOn((_request, response) => {
    count += 1;
    if (count === 150) setTimeout(() => response.end('late'), 400);
    else response.end('ok');
  });
  assert.equal(result.sent, 300);
  assert.equal(result.answered, 300);
  // One in two hundred stalled: had the rest waited before it was sent, the 99th percentile would not know of it.
  assert.ok(result.p99Us > 300_000, `p99 is ${result.p99Us} µs`);
});

test('errors and broken exchanges are failures with a reason', async () => {
  const refused = await loadOn((_request, response) => response.writeHead(503).end('no'));
  assert.equal(refused.answered, 0);
  assert.equal(refused.failed, 300);
  assert.match(refused.firstFailure ?? '', /503/);
  const broken = await loadOn((request) => request.socket.destroy());
  assert.equal(broken.failed, 300);
  assert.match(broken.firstFailure ?? '', /closed|ECONNRESET/);
});
