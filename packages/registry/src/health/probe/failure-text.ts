import { ForbiddenTarget } from './target-guard.ts';

/** How far a probe has come. */
export type Phase = 'resolving' | 'connecting' | 'securing' | 'waiting' | 'answering';

/** What was asked. */
export interface Place {
  readonly host: string;
  readonly port: number;
  readonly timeoutMs: number;
  /** With what its answer began; undefined: it did not begin. */
  began: string | undefined;
}

/** Says what went wrong, in words that tell what to look at. `error` is undefined if the time was up. */
export function failureText(phase: Phase, place: Place, error: unknown): string {
  const at = `${place.host.includes(':') ? `[${place.host}]` : place.host}:${place.port}`;
  return error === undefined ? timeoutText(phase, at, place) : errorText(phase, at, place, error);
}

function timeoutText(phase: Phase, at: string, { host, timeoutMs, began }: Place): string {
  switch (phase) {
    case 'resolving':
      return `The name ${host} was not resolved within ${timeoutMs} ms: the name server does not answer`;
    case 'connecting':
      return `No connection to ${at} within ${timeoutMs} ms: the machine is off or cut off, a firewall drops packets, or the process is blocked and its queue is full`;
    case 'securing':
      return `${at} accepts connections but did not finish the TLS handshake within ${timeoutMs} ms: blocked or overloaded, or it does not speak TLS`;
    case 'waiting':
      return `${at} accepts connections but did not answer within ${timeoutMs} ms: blocked or overloaded`;
    case 'answering':
      return `${began}, but the answer was not complete within ${timeoutMs} ms: blocked or overloaded`;
    default:
      return phase satisfies never;
  }
}

function errorText(phase: Phase, at: string, { host, began }: Place, error: unknown): string {
  const code = codeOf(error);
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof ForbiddenTarget) return message;
  if (phase === 'answering') return `${began}, but the answer broke off: ${message}`;
  switch (code) {
    case 'ECONNREFUSED':
      return `Connection refused: nothing listens at ${at}`;
    case 'ENOTFOUND':
      return `The name ${host} is unknown`;
    case 'EAI_AGAIN':
      return `The name ${host} was not resolved: the name server does not answer`;
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EHOSTDOWN':
      return `No route to ${at}: the machine is off, or its network is cut off`;
    case 'ECONNRESET':
    case 'EPIPE':
      return phase === 'securing'
        ? `${at} closed the connection during the TLS handshake: it may not speak TLS`
        : `${at} closed the connection without an answer`;
    case 'EMFILE':
    case 'ENFILE':
      return `the registry has no free file descriptor (${code}): raise its limit (ulimit -n)`;
    case 'EADDRNOTAVAIL':
    case 'ENOBUFS':
      return `the registry has no free port or memory for a connection to ${at} (${code})`;
    case 'EPROTO':
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
    case 'ERR_SSL_PACKET_LENGTH_TOO_LONG':
      return `${at} does not answer with TLS: use http:// or set tls to false`;
    default:
      break;
  }
  if (code.startsWith('HPE_')) return `${at} answers, but not in HTTP/1.1: ${message}`;
  if (phase === 'securing') return `No TLS connection to ${at}: ${message}`;
  return `Cannot check ${at}: ${message}`;
}

const ownLacks: ReadonlySet<string> = new Set(['EMFILE', 'ENFILE', 'EADDRNOTAVAIL', 'ENOBUFS']);

/** Whether a failure is the registry's own, and says nothing of the target. */
export function isOwnLack(error: unknown): boolean {
  return ownLacks.has(codeOf(error));
}

const noWay: ReadonlySet<string> = new Set([
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'ENETDOWN',
  'ETIMEDOUT',
  'EAI_AGAIN',
]);

/** Whether nothing at all has come back from the target. `error` is undefined if the time was up. */
export function isNoWay(phase: Phase, error: unknown): boolean {
  if (phase !== 'resolving' && phase !== 'connecting') return false;
  return error === undefined || noWay.has(codeOf(error));
}

function codeOf(error: unknown): string {
  // With several addresses to try, Node gathers one error for each.
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
