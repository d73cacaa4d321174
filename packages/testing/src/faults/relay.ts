import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Clock } from '@flotilla/contracts';
import type { RequestFault } from './fault.ts';

/** The number of pieces per second of a slow body. */
const piecesPerSecond = 20;

/** What {@link relay} needs to know. */
export interface RelayOptions {
  readonly target: URL;
  readonly clock: Clock;
  readonly fault: Extract<RequestFault, { readonly kind: 'none' | 'slow' | 'cut' }>;
}

/** Passes a request to the service and the answer back, with a fault on the way. */
export function relay(
  request: IncomingMessage,
  response: ServerResponse,
  { target, clock, fault }: RelayOptions,
): void {
  const gone = new AbortController();
  const onward = httpRequest({
    host: target.hostname.replace(/^\[|\]$/g, ''),
    port: target.port || 80,
    method: request.method,
    path: request.url,
    headers: endToEnd(request.rawHeaders),
    agent: false,
  });
  response.on('close', () => {
    gone.abort();
    onward.destroy();
  });
  onward.on('error', () => response.destroy());
  // Not listened to, it would be told to nobody.
  onward.on('upgrade', (_answer, socket) => {
    socket.destroy();
    response.destroy();
  });
  onward.on('response', (answer) => {
    pass(answer, response, { clock, fault, signal: gone.signal }).catch(() => response.destroy());
  });
  request.pipe(onward);
}

interface PassOptions {
  readonly clock: Clock;
  readonly fault: RelayOptions['fault'];
  readonly signal: AbortSignal;
}

async function pass(answer: IncomingMessage, response: ServerResponse, options: PassOptions): Promise<void> {
  const { clock, fault, signal } = options;
  if (fault.kind === 'slow' && fault.delayMs > 0) await pause(clock, fault.delayMs, signal);
  if (fault.kind === 'cut' && fault.at === 'answer') return void response.destroy();
  response.sendDate = false;
  response.writeHead(answer.statusCode ?? 502, answer.statusMessage, endToEnd(answer.rawHeaders));
  response.flushHeaders();
  let left = fault.kind === 'cut' && typeof fault.at === 'number' ? fault.at : Number.POSITIVE_INFINITY;
  const speed = fault.kind === 'slow' ? fault.bytesPerSecond : undefined;
  // Here and not in the loop: the body may be empty.
  if (left === 0) return void response.destroy();
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    for (const piece of piecesOf(chunk, speed)) {
      if (speed !== undefined) await pause(clock, (piece.length / speed) * 1_000, signal);
      await write(response, piece.subarray(0, left));
      left -= piece.length;
      if (left <= 0) return void response.destroy();
    }
  }
  response.addTrailers(answer.trailers);
  response.end();
}

function* piecesOf(chunk: Buffer, bytesPerSecond: number | undefined): Generator<Buffer> {
  const size = bytesPerSecond === undefined ? chunk.length : Math.max(1, Math.floor(bytesPerSecond / piecesPerSecond));
  for (let at = 0; at < chunk.length; at += size) yield chunk.subarray(at, at + size);
}

/** Resolves when the bytes were handed to the system. */
function write(response: ServerResponse, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    response.write(bytes, (error) => (error instanceof Error ? reject(error) : resolve()));
  });
}

function pause(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = clock.after(delayMs, resolve);
    signal.addEventListener('abort', () => {
      timer.cancel();
      reject(new Error('the caller closed the connection'));
    });
  });
}

/** The fields without those for a single connection. The framing of the body stays as the sender chose it. */
function endToEnd(rawHeaders: readonly string[]): string[] {
  const kept: string[] = [];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const [name = '', value = ''] = rawHeaders.slice(at, at + 2);
    if (!/^(?:connection|keep-alive|proxy-connection)$/i.test(name)) kept.push(name, value);
  }
  return kept;
}
