import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { CreateEngine } from '@flotilla/gateway';
import { RESPONSE_CASES, type ResponseCase, readResponse } from '@flotilla/http1/conformance';
import { waitUntil } from '@flotilla/testing';
import type { FakeConnection } from '../../fake-connection.ts';
import type { RawClient, RawResponse } from '../../raw-client.ts';
import { rawUpstream } from '../../raw-upstream.ts';
import { type EngineHarness, get, ok, startEngine } from './engine-harness.ts';
import { type Split, sendInPieces, splits } from './pieces.ts';
import { webSocketAccept, webSocketOffer } from './web-socket.ts';

/** The codec's table of odd and hostile answers of upstreams, over sockets. */
export function responseTableTests(createEngine: CreateEngine): void {
  for (const one of RESPONSE_CASES) {
    describe(one.name, () => {
      for (const split of splits(2)) {
        test(`${one.rule}: ${one.refused ?? 'read'}, sent ${split.name}`, { timeout: 20_000 }, async () => {
          await checkCase(createEngine, one, split);
        });
      }
    });
  }
}

async function checkCase(createEngine: CreateEngine, one: ResponseCase, split: Split): Promise<void> {
  const bytes = bytesOf(one);
  const reading = readResponse([bytes], one.method, one.offered);
  await using upstream = await rawUpstream(async (connection, index) => {
    // Whoever comes again, be it for a second try, finds a server that works.
    if (index > 0 || (await connection.request()) === undefined) return serve(connection);
    await sendInPieces((piece) => connection.send(piece), split.cut(bytes));
    // What is cut, or ends with the connection, is over now; the rest must be left by the gateway.
    if (one.cut === true || reading.heads.at(-1)?.framing === 'until-close') connection.end();
    await serve(connection);
  });
  await using engine = await startEngine(createEngine, [upstream]);
  const client = await engine.connect();
  // POST is never tried twice, so that what the client sees is about the first answer.
  const method = one.method ?? (one.offered === undefined ? 'POST' : 'GET');
  client.send(get('/ship/', one.offered === undefined ? '' : webSocketOffer, method));
  const answers = await answersTo(client, method);
  const final = answers.at(-1);
  if (one.refused !== undefined || one.cut === true) {
    assertFailure(one, answers);
    await waitUntil('the upstream connection is left', () => left(upstream.connections[0]));
    return;
  }
  assert.deepEqual(
    answers.map(({ status }) => status),
    one.statuses,
  );
  if (final?.status === 101) return;
  assert.deepEqual([final?.complete, final?.body], [true, one.body ?? '']);
  const trailers = one.trailers ?? [];
  if (trailers.length > 0) assert.deepEqual(final?.trailers, trailers);
  await assertNextIsClean(
    engine,
    client,
    upstream.connections,
    reading.heads.at(-1)?.keepAlive === true && one.extraBytes === undefined,
  );
}

/** 502, or an answer that was cut when it had begun; never one that looks whole. */
function assertFailure(one: ResponseCase, answers: readonly RawResponse[]): void {
  const final = answers.at(-1);
  const begun = one.statuses.some((status) => status >= 200);
  if (final?.status === 502) return assert.equal(final.complete, true);
  assert.ok(begun, `an answer other than 502: ${final?.head}`);
  if (final !== undefined) assert.equal(final.complete, false);
}

/** The next request gets its own answer, on the same upstream connection exactly if that may be used again. */
async function assertNextIsClean(
  engine: EngineHarness,
  first: RawClient,
  connections: readonly FakeConnection[],
  reusable: boolean,
): Promise<void> {
  if (!reusable) await waitUntil('the upstream connection is left', () => left(connections[0]));
  const closed = first.closed;
  const client = closed ? await engine.connect() : first;
  client.send(get('/ship/'));
  const next = await client.response();
  assert.deepEqual([next?.status, next?.body], [200, 'clean']);
  assert.equal(connections.length, reusable ? 1 : 2);
}

/** All answers up to the final one; fewer when the connection ended. */
async function answersTo(client: RawClient, method: string): Promise<readonly RawResponse[]> {
  const answers: RawResponse[] = [];
  for (;;) {
    const answer = await client.response({ toHead: method === 'HEAD' });
    if (answer === undefined) return answers;
    answers.push(answer);
    if (answer.status >= 200 || answer.status === 101) return answers;
  }
}

async function serve(connection: FakeConnection): Promise<void> {
  while ((await connection.request()) !== undefined) connection.send(ok('clean'));
}

function left(connection: FakeConnection | undefined): boolean {
  return connection !== undefined && (connection.peerEnded || connection.isClosed);
}

/** The table knows of no handshake; a gateway wants its proof in a 101. */
function bytesOf({ bytes, offered }: ResponseCase): Buffer {
  const proven = offered === undefined ? bytes : bytes.replace('\r\n\r\n', `\r\n${webSocketAccept}\r\n\r\n`);
  return Buffer.from(proven, 'latin1');
}
