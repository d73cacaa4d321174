import { randomBytes } from 'node:crypto';
import { type IncomingMessage, request } from 'node:http';
import { addressKind, type Clock, headerNames } from '@flotilla/contracts';
import { asSentence } from '@flotilla/contracts/sentence';
import type { TryRequest, TryResult } from '../wire/index.ts';

/** A person waits no longer than this. */
const limitMs = 30_000;
/** More than anybody reads on a page. */
const mostBodyBytes = 1024 * 1024;

/** What a request may not set: it is between two programs, or would make one of it that others read differently. */
const ownHeaders: ReadonlySet<string> = new Set([
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'keep-alive',
  'upgrade',
  'te',
  'trailer',
  'expect',
  'proxy-connection',
  'proxy-authorization',
]);

/** Sends a request to `base`, and tells what came of it. Redirects are shown, not followed. Never rejects. */
export async function tryRequest(base: string, asked: TryRequest, clock: Clock): Promise<TryResult> {
  const traceId = traceIdIn(asked) ?? randomBytes(16).toString('hex');
  const url = `${base}${asked.target}`;
  const beganMs = clock.monotonicMs();
  const gone = new AbortController();
  const timer = clock.after(limitMs, () => gone.abort());
  try {
    const answer = await send(base, asked, traceId, gone.signal);
    const { body, isCut } = await readBody(answer);
    return {
      kind: 'answer',
      url,
      status: answer.statusCode ?? 0,
      headers: pairs(answer.rawHeaders),
      body,
      isCut,
      durationMs: Math.round((clock.monotonicMs() - beganMs) * 100) / 100,
      traceId,
    };
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    const message = gone.signal.aborted
      ? `There was no whole answer within ${limitMs / 1_000} s.`
      : `There is no answer: ${asSentence(said)}`;
    return { kind: 'failed', url, message, traceId };
  } finally {
    timer.cancel();
  }
}

async function send(
  base: string,
  { method, target, headers = {}, body }: TryRequest,
  traceId: string,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const { hostname, port, protocol } = new URL(base);
  const isSecure = protocol === 'https:';
  const sent: Record<string, string> = { 'user-agent': 'flotilla-dashboard', accept: '*/*' };
  for (const [name, value] of Object.entries(headers))
    if (!ownHeaders.has(name.toLowerCase())) sent[name.toLowerCase()] = value;
  sent[headerNames.traceparent] ??= `00-${traceId}-${randomBytes(8).toString('hex')}-01`;
  if (body !== undefined) sent['content-length'] = String(Buffer.byteLength(body));
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const options = {
    host,
    port: port === '' ? (isSecure ? 443 : 80) : Number(port),
    method,
    // As it was written: to look at how a program takes an odd one is one of the reasons to try.
    path: target,
    headers: sent,
    agent: false,
    signal,
    // What serves on this machine mostly has a certificate of its own making.
    rejectUnauthorized: addressKind(host) !== 'loopback',
  } as const;
  const open = isSecure ? (await import('node:https')).request : request;
  return new Promise((resolve, reject) => {
    const outgoing = open(options, resolve);
    outgoing.on('error', reject);
    // Without an error: an answer that switches to another protocol. Nothing is left to abort then.
    outgoing.on('close', () => reject(new Error('it switches to another protocol, which nobody asked for')));
    outgoing.end(body);
  });
}

async function readBody(answer: IncomingMessage): Promise<{ readonly body: string; readonly isCut: boolean }> {
  const chunks: Buffer[] = [];
  let length = 0;
  // `http` gives bytes.
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > mostBodyBytes) break;
  }
  const isCut = length > mostBodyBytes;
  return { body: Buffer.concat(chunks).subarray(0, mostBodyBytes).toString('utf8'), isCut };
}

function pairs(raw: readonly string[]): readonly (readonly [string, string])[] {
  return raw.flatMap((name, at) => (at % 2 === 0 ? [[name, raw[at + 1] ?? ''] as const] : []));
}

/** The trace that the request is to join. */
function traceIdIn({ headers = {} }: TryRequest): string | undefined {
  const [, traceparent = ''] =
    Object.entries(headers).find(([name]) => name.toLowerCase() === headerNames.traceparent) ?? [];
  return /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/.exec(traceparent)?.[1];
}
