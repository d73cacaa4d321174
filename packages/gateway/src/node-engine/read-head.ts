import type { IncomingMessage } from 'node:http';
import { AppError } from '@flotilla/contracts';
import type { EngineLimits } from '../config/limits.ts';
import { type HeaderList, headerValues } from '../headers/header-list.ts';
import type { RequestHead } from '../headers/request-head.ts';

const hostPattern = /^(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._~!$&'()*+,;=%-]*)(?::\d{0,5})?$/;

/** The head of a request, and what is wrong with it beyond what Node's parser has already refused. */
export interface ReadHead {
  readonly head: RequestHead;
  readonly error: AppError | undefined;
}

/** Takes over what Node's parser has read, and refuses what it lets through although RFC 9112 does not. */
export function readHead(request: IncomingMessage, limits: EngineLimits): ReadHead {
  const headers = request.rawHeaders;
  const sentTarget = request.url ?? '';
  const absolute = /^https?:\/\/([^/?#]*)(.*)$/i.exec(sentTarget);
  const rest = absolute?.[2] ?? '';
  const hosts = headerValues(headers, 'host');
  const head: RequestHead = {
    method: request.method ?? '',
    target: absolute === null ? sentTarget : rest.startsWith('/') ? rest : `/${rest}`,
    host: absolute?.[1] ?? hosts[0] ?? '',
    scheme: 'http',
    httpVersion: request.httpVersion === '1.0' ? '1.0' : '1.1',
    headers,
    remoteAddress: request.socket.remoteAddress ?? '',
  };
  return { head, error: problemOf(request, head, hosts, limits) };
}

function problemOf(
  request: IncomingMessage,
  head: RequestHead,
  hosts: readonly string[],
  limits: EngineLimits,
): AppError | undefined {
  if (request.httpVersion !== '1.0' && request.httpVersion !== '1.1') return new AppError('HTTP_VERSION_NOT_SUPPORTED');
  if (head.headers.length / 2 > limits.headFields) return new AppError('HEADERS_TOO_LARGE');
  if (head.target.length > limits.targetBytes) return new AppError('URI_TOO_LONG');
  if (head.method === 'TRACE') return new AppError('NOT_IMPLEMENTED', { detail: 'TRACE is not supported.' });
  if (hosts.length > 1) return badMessage('repeated-host');
  if (hosts.length === 0 && head.httpVersion === '1.1') return badMessage('missing-host');
  if (!hostPattern.test(head.host) || (hosts[0] !== undefined && !hostPattern.test(hosts[0])))
    return badMessage('bad-host');
  return framingProblem(head.headers, head.httpVersion);
}

function framingProblem(headers: HeaderList, httpVersion: string): AppError | undefined {
  const codings = headerValues(headers, 'transfer-encoding');
  const lengths = headerValues(headers, 'content-length');
  if (codings.length > 0) {
    if (httpVersion === '1.0') return badMessage('transfer-encoding-in-http-1.0');
    if (codings.length > 1 || codings[0]?.toLowerCase() !== 'chunked') {
      return new AppError('NOT_IMPLEMENTED', { detail: 'The only transfer coding supported is "chunked", once.' });
    }
  }
  if (lengths.length > 1) return badMessage('repeated-content-length');
  const [length] = lengths;
  if (length !== undefined && !/^(?:0|[1-9]\d{0,15})$/.test(length)) return badMessage('bad-content-length');
  return undefined;
}

/** BAD_MESSAGE with the name of the rule that was broken. */
function badMessage(reason: string): AppError {
  return new AppError('BAD_MESSAGE', { detail: `Rule broken: ${reason}.` });
}
