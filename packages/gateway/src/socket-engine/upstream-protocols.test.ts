import { readFile } from 'node:fs/promises';
import { after } from 'node:test';
import { describeUpstreamProtocol, serveHttp1, serveHttp2, temporaryCertificate } from '@flotilla/conformance';
import type { CreateEngine } from '../engine/engine.ts';
import { createSocketEngine } from './socket-engine.ts';
import { tlsDialer } from './upstream/dialer.ts';
import { http1Streams } from './upstream/http1-pool.ts';
import { http2Streams } from './upstream/http2-pool.ts';
import type { CreateStreamPool } from './upstream/stream-pools.ts';

const certificate = await temporaryCertificate('ship');
after(() => certificate[Symbol.asyncDispose]());
const [cert, key] = await Promise.all([readFile(certificate.certFile), readFile(certificate.keyFile)]);

const speaking =
  (streams: CreateStreamPool): CreateEngine =>
  (options) =>
    createSocketEngine(options, streams);

const overTls = speaking(http1Streams(tlsDialer({ ca: cert })));
const http2OverTls = speaking(http2Streams(tlsDialer({ ca: cert, ALPNProtocols: ['h2'] })));

describeUpstreamProtocol('HTTP/1.1', createSocketEngine, serveHttp1());
describeUpstreamProtocol('HTTP/1.1 over TLS', overTls, serveHttp1({ cert, key }));
describeUpstreamProtocol('HTTP/2', speaking(http2Streams()), serveHttp2());
describeUpstreamProtocol('HTTP/2 over TLS', http2OverTls, serveHttp2({ cert, key }));
