// http-proxy with kept connections to the upstream: `http-proxy.mjs <port> <upstream port> [<certificate> <key>]`.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Agent, createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import httpProxy from 'http-proxy';

const [port, upstreamPort, certificate, key] = process.argv.slice(2);

const proxy = httpProxy.createProxyServer({
  target: `http://127.0.0.1:${upstreamPort}`,
  agent: new Agent({ keepAlive: true, maxFreeSockets: 256 }),
  xfwd: true,
});
proxy.on('proxyReq', (outgoing) => {
  outgoing.setHeader('via', '1.1 http-proxy');
  outgoing.setHeader('x-request-id', randomUUID());
});
proxy.on('error', (_error, _request, response) => response.writeHead?.(502).end());

const serve = (request, response) => proxy.web(request, response);
const server = certificate
  ? createSecureServer({ cert: readFileSync(certificate), key: readFileSync(key) }, serve)
  : createServer(serve);
server.keepAliveTimeout = 3_600_000;
server.listen({ port: Number(port), host: '127.0.0.1', backlog: 4096 });
