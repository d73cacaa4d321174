import { connect, isIP, type Socket } from 'node:net';
import { connect as connectSecurely } from 'node:tls';
import { failureText, isNoWay, isOwnLack, type Phase, type Place } from './failure-text.ts';
import { outputText } from './output-text.ts';
import type { ProbeContext, ProbeResult } from './probe.ts';
import { ProbeDeadline } from './probe-deadline.ts';
import { guardedLookup, refusalOf } from './target-guard.ts';

/** Where a probe connects to. */
export interface ProbeTarget {
  /** A name or an address, without brackets. */
  readonly host: string;
  readonly port: number;
  /** Undefined: no TLS. */
  readonly tls: TargetTls | undefined;
}

export interface TargetTls {
  /** Takes any certificate. */
  readonly skipVerify: boolean;
  /** The protocols offered, if there is a choice. */
  readonly alpn?: readonly string[];
}

/** What a probe says of its connection while it is open. */
export interface Exchange {
  readonly socket: Socket;
  /** It has found out how the target is. */
  done(result: ProbeResult): void;
  /** Something went wrong on the way. */
  failed(error: unknown): void;
  /** An answer has begun, and is not yet whole. `began` says with what. */
  answering(began: string): void;
}

/**
 * Opens a connection for a probe and lets `talk` find out how the target is, within the probe's time. However it ends, the
 * connection is closed, and the answer is one result.
 *
 * @param talk begins when there is a connection, secured if it is to be
 */
export function exchange(
  target: ProbeTarget,
  context: ProbeContext,
  talk: (exchange: Exchange) => void,
): Promise<ProbeResult> {
  const { host, port } = target;
  const refusal = refusalOf(host, context.allowLinkLocal);
  if (refusal !== undefined) return Promise.resolve({ status: 'critical', output: refusal });
  return new Promise((resolve) => {
    const socket = open(target, context.allowLinkLocal);
    const where: Place = { host, port, timeoutMs: context.timeoutMs, began: undefined };
    let phase: Phase = isIP(host) === 0 ? 'resolving' : 'connecting';
    let over = false;
    const finish = (result: ProbeResult): void => {
      if (over) return;
      over = true;
      deadline.cancel();
      context.signal.removeEventListener('abort', abandon);
      socket.destroy();
      resolve({ ...result, output: outputText(result.output) });
    };
    const fail = (error?: unknown): void => {
      if (deadline.wasAway) finish(unknown('the registry itself was stopped or overloaded during the check'));
      else if (isOwnLack(error)) finish(unknown(failureText(phase, where, error)));
      else {
        const output = failureText(phase, where, error);
        finish({ status: 'critical', output, ...(isNoWay(phase, error) ? { isUnreachable: true } : {}) });
      }
    };
    const abandon = (): void => finish(unknown('the check was ended'));
    const answering = (began: string): void => {
      phase = 'answering';
      where.began = began;
    };
    const state: Exchange = { socket, done: finish, failed: fail, answering };
    const { clock, timeoutMs } = context;
    const deadline = new ProbeDeadline({ clock, timeoutMs, onExpired: () => fail() });
    // Also after the end: what comes late says nothing, and must not be an error that nobody handles.
    socket.on('error', fail);
    if (context.signal.aborted) return abandon();
    context.signal.addEventListener('abort', abandon);
    socket.once('lookup', () => (phase = 'connecting'));
    socket.once('connect', () => (phase = target.tls === undefined ? 'waiting' : 'securing'));
    socket.once(target.tls === undefined ? 'connect' : 'secureConnect', () => {
      phase = 'waiting';
      try {
        talk(state);
      } catch (error) {
        // What cannot be asked: nobody else would hear of it.
        fail(error);
      }
    });
  });
}

function unknown(why: string): ProbeResult {
  return { status: undefined, output: `Not known: ${why}` };
}

function open({ host, port, tls }: ProbeTarget, allowLinkLocal: boolean): Socket {
  const lookup = guardedLookup(allowLinkLocal);
  if (tls === undefined) return connect({ host, port, lookup });
  return connectSecurely({
    host,
    port,
    lookup,
    rejectUnauthorized: !tls.skipVerify,
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...(tls.alpn === undefined ? {} : { ALPNProtocols: [...tls.alpn] }),
  });
}
