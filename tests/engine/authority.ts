import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** A service that knows nothing of Flotilla and decides on the requests of others. */
export interface Authority extends AsyncDisposable {
  readonly port: number;
  /** What it was asked, latest last: its request line and fields. */
  readonly asked: readonly Question[];
}

export interface Question {
  readonly line: string;
  readonly fields: Readonly<Record<string, string | undefined>>;
  readonly names: readonly string[];
}

/**
 * Starts one. What it says depends on `Authorization`: `alice` may pass, and it says who she is and renews her cookie;
 * `guest` may pass, and it says nothing of him; `slow` is never answered; `fault` finds it broken; `away` is sent to a
 * login; everybody else is refused.
 */
export async function authority(): Promise<Authority> {
  const asked: Question[] = [];
  const server = createServer((request, response) => {
    const names = request.rawHeaders.filter((_, at) => at % 2 === 0).map((name) => name.toLowerCase());
    // Node joins repeated fields but those of cookies to set, which no request has.
    const fields = request.headers as Record<string, string | undefined>;
    asked.push({ line: `${request.method} ${request.url}`, fields, names });
    judge(request, response);
  });
  server.on('upgrade', (_, socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bound = server.address();
  return {
    port: typeof bound === 'object' && bound !== null ? bound.port : 0,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function judge(request: IncomingMessage, response: ServerResponse): void {
  switch (request.headers.authorization) {
    case 'alice':
      response.setHeader('Set-Cookie', ['session=new; Path=/', 'seen=1']);
      response.writeHead(200, { 'X-User': 'alice', 'Content-Type': 'text/plain' }).end('fine');
      break;
    case 'guest':
      response.writeHead(204).end();
      break;
    case 'slow':
      break;
    case 'fault':
      response.writeHead(500, { 'Content-Type': 'text/plain' }).end('stack trace');
      break;
    case 'away':
      response.writeHead(302, {
        Location: '/login',
        'Set-Cookie': 'back=1',
        Connection: 'keep-alive, X-Hop',
        'X-Hop': '1',
      });
      response.end();
      break;
    default:
      response.writeHead(401, { 'WWW-Authenticate': 'Bearer realm="shop"', 'Content-Type': 'application/json' });
      response.end('{"error":"who are you?"}');
  }
}
