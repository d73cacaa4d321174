import type { IncomingMessage } from 'node:http';

/** A request that was received. */
export interface ReceivedRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** By lower-case name; the values of a repeated field are joined by commas. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body as text; empty when there is none. */
  readonly text: string;
  /** The body as JSON; undefined if there is none or it is not JSON. */
  readonly json: unknown;
  /** Whether an answer was set for it. */
  readonly wasExpected: boolean;
}

/** Reads a request to its end. */
export async function receiveRequest(request: IncomingMessage): Promise<Omit<ReceivedRequest, 'wasExpected'>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  const { method = '', url = '/' } = request;
  const mark = url.indexOf('?');
  const headers: Record<string, string> = {};
  for (const [name, values] of Object.entries(request.headersDistinct)) headers[name] = (values ?? []).join(', ');
  return {
    method,
    path: mark < 0 ? url : url.slice(0, mark),
    query: new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1)),
    headers,
    text,
    json: parsed(text),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
