import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** A service that knows nothing of Flotilla. */
export interface ForeignService extends AsyncDisposable {
  readonly port: number;
  /** What it was asked, latest last. */
  readonly asked: readonly {
    readonly line: string;
    readonly fields: readonly string[];
    readonly trailers: readonly string[];
    readonly bodyBytes: number;
  }[];
}

const bodies: Readonly<Record<string, readonly [type: string | undefined, body: string]>> = {
  html: ['text/html', '<h1>no</h1>'],
  text: ['text/plain', 'no'],
  empty: [undefined, ''],
  json: ['application/json', '{"error":"no"}'],
  problem: ['application/problem+json', '{"type":"about:blank","detail":"It says no."}'],
  own: [
    'application/problem+json',
    '{"type":"https://py.example/probs/no-room","code":"no-room","title":"Kein Platz","detail":"It says no.","stack":"line 7"}',
  ],
  brackets: ['application/problem+json', '['.repeat(1_000_000)],
};

/**
 * Starts one. `/status/409/html` answers with that status and body, `/brackets` with a megabyte of them, `/to?x` with a
 * redirect to `x`, in which `HERE` is its own address; everything else with `{"line":…}`.
 */
export async function foreignService(): Promise<ForeignService> {
  const asked: ForeignService['asked'][number][] = [];
  let port = 0;
  const server = createServer((request, response) => {
    let bodyBytes = 0;
    request.on('data', (chunk: Buffer) => {
      bodyBytes += chunk.length;
    });
    request.on('end', () => {
      const line = `${request.method} ${request.url}`;
      asked.push({ line, fields: request.rawHeaders, trailers: request.rawTrailers, bodyBytes });
      answer(request, response, `127.0.0.1:${port}`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bound = server.address();
  port = typeof bound === 'object' && bound !== null ? bound.port : 0;
  return {
    port,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function answer(request: IncomingMessage, response: ServerResponse, here: string): void {
  const { pathname, search } = new URL(request.url ?? '/', 'http://h');
  const [, first, status = '', body = ''] = pathname.split('/');
  if (first === 'status') {
    const [type, text] = bodies[body] ?? [undefined, ''];
    response.statusCode = Number(status);
    if (type !== undefined) response.setHeader('Content-Type', type);
    if (status === '401') response.setHeader('WWW-Authenticate', ['Basic realm="a, b"', 'Bearer']);
    if (status === '429' || status === '503') response.setHeader('Retry-After', '7');
    response.end(text);
  } else if (first === 'brackets') {
    response.setHeader('Content-Type', 'application/json').end('['.repeat(500_000) + ']'.repeat(500_000));
  } else if (search !== '' && first?.startsWith('to') === true) {
    const place = decodeURIComponent(search.slice(1)).replace('HERE', here);
    response.writeHead(302, { Location: place, 'Content-Location': `http://${here}${pathname}` }).end();
  } else
    response.setHeader('Content-Type', 'text/plain').end(JSON.stringify({ line: `${request.method} ${request.url}` }));
}
