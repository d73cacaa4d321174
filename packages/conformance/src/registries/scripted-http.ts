import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { TestContext } from 'node:test';

/** A request as a script sees it. */
export interface ScriptedRequest {
  readonly method: string;
  readonly path: string;
  /** Path and query, as sent. */
  readonly target: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
}

/** An answer; objects are sent as JSON. */
export interface ScriptedAnswer {
  /** Default 200. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** What to answer; undefined: nothing, for ever. */
export type Script = (request: ScriptedRequest) => ScriptedAnswer | undefined;

/** A server that says what a test wants it to. */
export interface ScriptedHttp {
  /** Without scheme: `127.0.0.1:1234`. */
  readonly host: string;
  readonly requests: readonly ScriptedRequest[];
  script: Script;
}

/** Starts a {@link ScriptedHttp} that ends with the test. */
export async function scriptedHttp(t: TestContext, script: Script): Promise<ScriptedHttp> {
  const requests: ScriptedRequest[] = [];
  const scripted = { host: '', requests, script };
  const server = createServer((request, response) => {
    const { method = '', url: target = '', headers } = request;
    const { pathname: path, searchParams: query } = new URL(target, 'http://scripted');
    const seen = { method, path, target, query, headers };
    requests.push(seen);
    const answer = scripted.script(seen);
    if (answer === undefined) return;
    const { status = 200, body = '' } = answer;
    response.writeHead(status, answer.headers).end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bound = server.address();
  if (typeof bound === 'object' && bound !== null) scripted.host = `127.0.0.1:${bound.port}`;
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return scripted;
}
