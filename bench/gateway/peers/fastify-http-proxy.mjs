// @fastify/http-proxy: `fastify-http-proxy.mjs <port> <upstream port> [<certificate> <key>]`.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import proxy from '@fastify/http-proxy';
import Fastify from 'fastify';

const [port, upstreamPort, certificate, key] = process.argv.slice(2);

const app = Fastify({
  logger: false,
  keepAliveTimeout: 3_600_000,
  bodyLimit: 10 * 1024 * 1024,
  ...(certificate && { https: { cert: readFileSync(certificate), key: readFileSync(key) } }),
});
const scheme = certificate ? 'https' : 'http';
await app.register(proxy, {
  upstream: `http://127.0.0.1:${upstreamPort}`,
  undici: { connections: 256, pipelining: 1 },
  replyOptions: {
    rewriteRequestHeaders: (request, headers) => ({
      ...headers,
      'x-forwarded-for': request.socket.remoteAddress,
      'x-forwarded-proto': scheme,
      'x-forwarded-host': request.headers.host,
      via: '1.1 fastify',
      'x-request-id': randomUUID(),
    }),
  },
});
await app.listen({ port: Number(port), host: '127.0.0.1', backlog: 4096 });
