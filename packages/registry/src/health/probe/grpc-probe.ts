import { type ClientHttp2Session, connect, type IncomingHttpHeaders } from 'node:http2';
import { type Exchange, exchange, type ProbeTarget } from './exchange.ts';
import { healthCheckRequest, type ServingStatus, servingStatus } from './grpc-health-message.ts';
import { maxOutputBytes } from './output-text.ts';
import type { Probe, ProbeResult } from './probe.ts';

/** What a gRPC check asks. */
export interface GrpcQuestion {
  readonly target: ProbeTarget;
  /** Which service of the server; empty: the server as a whole. */
  readonly service: string;
}

const unimplemented = '12';
const notFound = '5';

/** Asks `grpc.health.v1.Health/Check`: SERVING passes, everything else is critical. */
export function grpcProbe(question: GrpcQuestion): Probe {
  return (context) => exchange(question.target, context, (talk) => ask(question, talk));
}

function ask({ target, service }: GrpcQuestion, talk: Exchange): void {
  const { socket } = talk;
  const scheme = target.tls === undefined ? 'http' : 'https';
  const authority = `${target.host.includes(':') ? `[${target.host}]` : target.host}:${target.port}`;
  let session: ClientHttp2Session;
  let chunks: Buffer[] = [];
  let bytes = 0;
  let said: IncomingHttpHeaders = {};
  try {
    session = connect(`${scheme}://${authority}`, { createConnection: () => socket });
    session.on('error', talk.failed);
    socket.once('close', () => session.destroy());
    const stream = session.request({
      ':method': 'POST',
      ':path': '/grpc.health.v1.Health/Check',
      'content-type': 'application/grpc',
      te: 'trailers',
      'user-agent': 'flotilla-check',
    });
    stream.on('error', talk.failed);
    stream.on('response', (headers) => (said = headers));
    stream.on('trailers', (trailers: IncomingHttpHeaders) => (said = { ...said, ...trailers }));
    stream.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > maxOutputBytes) chunks = [];
      else chunks.push(chunk);
    });
    stream.on('end', () => talk.done(resultOf(service, said, Buffer.concat(chunks))));
    stream.end(healthCheckRequest(service));
  } catch (error) {
    talk.failed(error);
  }
}

function resultOf(service: string, headers: IncomingHttpHeaders, body: Buffer): ProbeResult {
  const whole = service === '' ? 'The server' : `The service ${service}`;
  const code = String(headers['grpc-status'] ?? '');
  const text = (output: string): ProbeResult => ({ status: 'critical', output });
  const httpStatus = Number(headers[':status']);
  if (httpStatus !== 200) return text(`Answers with HTTP status ${httpStatus}: no gRPC server`);
  if (code === unimplemented)
    return text('The server does not offer grpc.health.v1.Health: add its health service, or check by tcp');
  if (code === notFound) return text(`${whole} is not known to the server's health service`);
  if (code !== '0' && code !== '')
    return text(`Health/Check fails with gRPC status ${code}: ${decoded(String(headers['grpc-message'] ?? ''))}`);
  const status: ServingStatus | undefined = servingStatus(body);
  if (status === undefined) return text('The answer is not a HealthCheckResponse of grpc.health.v1');
  return { status: status === 'SERVING' ? 'passing' : 'critical', output: `${whole} says ${status}` };
}

/** gRPC writes messages with percent signs; a wrong one is shown as it is. */
function decoded(message: string): string {
  try {
    return decodeURIComponent(message);
  } catch {
    return message;
  }
}
