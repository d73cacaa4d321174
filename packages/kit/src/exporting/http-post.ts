import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { OtlpTarget } from './otlp-target.ts';
import type { Post, PostResult } from './post.ts';

/** Answers say little; more is not read. */
const maxAnswerBytes = 65_536;
/** What may go away by itself. */
const retryable: ReadonlySet<number> = new Set([429, 502, 503, 504]);

const compress = promisify(gzip);

/** Sends batches by OTLP/HTTP, over one connection that it keeps. */
export async function httpPost(target: OtlpTarget): Promise<Post> {
  const secure = target.url.protocol === 'https:';
  const { Agent, request } = secure ? await import('node:https') : await import('node:http');
  const agent = new Agent({ keepAlive: true, maxSockets: 1, ...target.tls });
  const type = target.protocol === 'http/json' ? 'application/json' : 'application/x-protobuf';
  return {
    encoding: target.protocol === 'http/json' ? 'json' : 'protobuf',
    async send(message, signal) {
      const body = target.gzip ? await compress(message) : message;
      const headers = {
        ...target.headers,
        'content-type': type,
        'content-length': String(body.length),
        ...(target.gzip ? { 'content-encoding': 'gzip' } : {}),
      };
      return exchange(request, target.url, { method: 'POST', agent, headers, signal }, body);
    },
    close: () => agent.destroy(),
  };
}

function exchange(
  open: (url: URL, options: RequestOptions) => ClientRequest,
  url: URL,
  options: RequestOptions,
  body: Buffer,
): Promise<PostResult> {
  return new Promise((resolve) => {
    const unreachable = (error: Error): void => resolve({ kind: 'failed', retry: true, reason: error.message });
    let outgoing: ClientRequest;
    let answered = false;
    try {
      outgoing = open(url, options);
    } catch (error) {
      // A header or the URL is one that Node.js does not send.
      return resolve({ kind: 'failed', retry: false, reason: String(error) });
    }
    outgoing.on('error', unreachable);
    // Without an error: an answer that is none of HTTP, such as 101.
    outgoing.on('close', () => {
      if (!answered) unreachable(new Error('the connection was closed without an answer'));
    });
    outgoing.on('response', (answer: IncomingMessage) => {
      answered = true;
      const parts: Buffer[] = [];
      let bytes = 0;
      const end = (): void => resolve(resultOf(answer, Buffer.concat(parts)));
      answer.on('data', (part: Buffer) => {
        bytes += part.length;
        if (bytes <= maxAnswerBytes) return void parts.push(part);
        end();
        answer.destroy();
      });
      answer.on('end', end);
      answer.on('error', unreachable);
    });
    outgoing.end(body);
  });
}

function resultOf(answer: IncomingMessage, body: Buffer): PostResult {
  const status = answer.statusCode ?? 0;
  if (status >= 200 && status < 300) return { kind: 'sent', answer: body };
  const retry = retryable.has(status);
  return { kind: 'failed', retry, reason: `HTTP status ${status}`, afterMs: retry ? retryAfterMs(answer) : undefined };
}

/** `Retry-After` in seconds; a date is taken as no hint. */
function retryAfterMs({ headers }: IncomingMessage): number | undefined {
  const seconds = headers['retry-after'];
  return seconds !== undefined && /^\d{1,6}$/.test(seconds) ? Number(seconds) * 1_000 : undefined;
}
