import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { CreateEngine, EngineLimits, GatewayConfig } from '@flotilla/gateway';
import { DEFAULT_LIMITS, type ParsedRequestHead, REASONS } from '@flotilla/http1';
import { REQUEST_CASES, type RequestCase, readRequests } from '@flotilla/http1/conformance';
import type { RawClient } from '../../raw-client.ts';
import { startEngine } from './engine-harness.ts';
import { loopTurn, sendInPieces, splits } from './pieces.ts';
import { type RecordingUpstream, recordingUpstream } from './recording-upstream.ts';

/** Targets that the codec reads and the gateway refuses: two readings of them exist. */
const ambiguousTargets: ReadonlySet<string> = new Set(['//evil', '/a/../b', '/%00']);
/** What a gateway sends that it has not from the client, or writes anew. */
const ofTheGateway: ReadonlySet<string> = new Set([
  ...['host', 'content-length', 'transfer-encoding', 'connection', 'via', 'forwarded', 'expect'],
  ...['x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host', 'x-request-id', 'traceparent'],
]);
const hopByHop: ReadonlySet<string> = new Set(['upgrade', 'proxy-connection', 'keep-alive', 'te', 'trailer']);

/** What the client must see and the upstream must get. */
interface Expected {
  readonly statuses: readonly number[];
  readonly closed: boolean;
  readonly requests: readonly object[];
}

/** The codec's table of hostile and odd requests, over sockets: one request in, exactly one request out, or none. */
export function requestTableTests(createEngine: CreateEngine): void {
  for (const one of REQUEST_CASES) {
    const config = configFor(one);
    // Limits that a gateway has no setting for; the codec's own tests hold them.
    if (config === undefined) continue;
    describe(one.name, () => {
      test(`${one.rule}: ${one.refused ?? 'one request out for each in'}`, { timeout: 20_000 }, async () => {
        await using upstream = await recordingUpstream();
        await using engine = await startEngine(createEngine, [upstream], config);
        const expected = expectedOf(one);
        for (const split of splits(4)) {
          const before = upstream.requests.length;
          const client = await engine.connect();
          await sendInPieces((piece) => client.send(piece), split.cut(Buffer.from(one.bytes, 'latin1')));
          const statuses = await statusesOf(client, one, expected);
          assert.deepEqual(statuses, expected.statuses, `${split.name}: what the client sees`);
          if (expected.closed) await client.ended();
          else client.reset();
          await settled(upstream);
          const sent = upstream.requests.slice(before);
          assert.deepEqual(
            sent.filter(({ complete }) => complete).map((request) => shapeOf(request)),
            expected.requests,
            `${split.name}: what the upstream got`,
          );
          if (!mayHaveBegun(one)) assert.equal(sent.length, expected.requests.length, `${split.name}: heads sent`);
        }
        assert.deepEqual(upstream.refusals, []);
      });
    });
  }
}

/** Whether the head of a request that is never complete may go out: its body is what is refused or missing. */
function mayHaveBegun(one: RequestCase): boolean {
  return one.unfinished === 'body' || one.bytes.indexOf('\r\n\r\n') + 4 < one.bytes.length;
}

/** The statuses the client is answered with. */
async function statusesOf(client: RawClient, one: RequestCase, expected: Expected): Promise<readonly number[]> {
  const statuses: number[] = [];
  const methods = one.reads.map(({ method }) => method);
  while (statuses.length < expected.statuses.length || expected.closed) {
    const response = await client.response({ toHead: methods[statuses.length] === 'HEAD' });
    if (response === undefined) break;
    assert.equal(response.complete, true);
    statuses.push(response.status);
  }
  assert.equal(client.rest, '');
  return statuses;
}

function expectedOf(one: RequestCase): Expected {
  const reading = readRequests([Buffer.from(one.bytes, 'latin1')], {
    ...DEFAULT_LIMITS,
    ...one.limits,
    underscores: 'drop',
  });
  const statuses: number[] = [];
  const requests: object[] = [];
  for (const request of reading.requests.filter(({ complete }) => complete)) {
    const { method, target } = request.head;
    const status = localStatus(method, target);
    statuses.push(status ?? 200);
    if (status === undefined) requests.push(shapeOf(request));
  }
  // Names with an underscore are dropped by a gateway, not refused.
  const refusal = one.refused === undefined || one.refused === 'underscore-in-field-name' ? undefined : one.refused;
  if (refusal !== undefined) statuses.push(REASONS[refusal].status);
  return { statuses, requests, closed: refusal !== undefined || reading.at === 'closed' };
}

/** The status of what the gateway answers itself. */
function localStatus(method: string, target: string): number | undefined {
  if (method === 'CONNECT' || method === 'TRACE') return 501;
  if (method === 'OPTIONS' && target === '*') return 204;
  return ambiguousTargets.has(target) ? 400 : undefined;
}

interface Shaped {
  readonly head: ParsedRequestHead;
  readonly body: string;
  readonly trailers: readonly string[];
}

/** What must be the same on both sides. */
function shapeOf({ head, body, trailers }: Shaped): object {
  const fields: string[] = [];
  head.fields.forEach((name, at) => {
    const lower = name.toLowerCase();
    if (at % 2 === 1 || ofTheGateway.has(lower) || hopByHop.has(lower) || lower.includes('_')) return;
    fields.push(name, head.fields[at + 1] ?? '');
  });
  // A gateway asks for the path of an absolute target; the authority is the host then.
  const target = head.form === 'absolute' ? head.pathAndQuery.replace(/^(?!\/)/, '/') : head.target;
  const host =
    head.host === '' ? 'the address connected to' : head.host.replace(/^127\.0\.0\.1:\d+$/, 'the address connected to');
  return { method: head.method, target, host, fields, body, trailers };
}

/** Nothing is on its way to the upstream any more. */
async function settled(upstream: RecordingUpstream): Promise<void> {
  for (let quiet = 0, before = -1; quiet < 3; quiet++) {
    if (upstream.receivedBytes !== before) quiet = 0;
    before = upstream.receivedBytes;
    await loopTurn();
  }
}

/** A gateway with a case's limits; undefined if it has a limit that gateways have no setting for. */
function configFor({ limits = {} }: RequestCase): Partial<GatewayConfig> | undefined {
  const settings: { -readonly [name in keyof EngineLimits]?: EngineLimits[name] } = {};
  let bodyLimitBytes = 0;
  for (const [name, value] of Object.entries(limits)) {
    if (typeof value !== 'number') continue;
    if (name === 'maxHeadBytes') settings.headBytes = value;
    else if (name === 'maxTargetBytes') settings.targetBytes = value;
    else if (name === 'maxFields') settings.headFields = value;
    else if (name === 'maxBodyBytes') bodyLimitBytes = value;
    else return undefined;
  }
  return { limits: settings, routes: [{ kind: 'proxy', match: '/', service: 'ship', bodyLimitBytes }] };
}
