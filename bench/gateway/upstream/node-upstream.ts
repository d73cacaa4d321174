/**
 * The upstream for uploads, because nginx would answer before it has read a body, and for all the rest where nginx is
 * missing. Usage: `node-upstream.ts <port>`
 */
import { createServer } from 'node:http';
import { answers, uploadPath, wantedFields } from './answers.ts';

const bodies = new Map(Object.entries(answers).map(([path, text]) => [path, Buffer.from(text)]));

const server = createServer((request, response) => {
  const body = bodies.get(request.url ?? '');
  const complete = wantedFields.every((name) => request.headers[name] !== undefined);
  if (!complete) {
    response.writeHead(500).end('a field is missing');
  } else if (request.url === uploadPath) {
    let received = 0;
    request.on('data', (chunk: Buffer) => (received += chunk.length));
    request.on('end', () => response.end(String(received)));
  } else if (body === undefined) {
    response.writeHead(404).end();
  } else {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length }).end(body);
  }
});
server.keepAliveTimeout = 3_600_000;
server.requestTimeout = 0;
server.listen({ port: Number(process.argv[2]), host: '127.0.0.1', backlog: 4096 });
