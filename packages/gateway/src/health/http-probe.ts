import { connect } from 'node:net';
import type { Clock } from '@flotilla/contracts';
import { startDeadline } from '@flotilla/contracts/time';
import { DEFAULT_RESPONSE_LIMITS, ResponseHeadParser, requestHead } from '@flotilla/http1';
import { dialFailure } from '../attempt/outcome.ts';
import type { ProbeResult } from './instance-health.ts';

/** Whom to ask, and what. */
export interface ProbeRequest {
  readonly address: string;
  readonly port: number;
  /** For `Host`. */
  readonly authority: string;
  readonly path: string;
  /** Which statuses are good. */
  readonly passes: (status: number) => boolean;
  readonly timeoutMs: number;
  readonly clock: Clock;
  /** Ends it at once, with `unknown`. */
  readonly signal: AbortSignal;
}

/** Asks an instance whether it is well. Never rejects. */
export type Probe = (request: ProbeRequest) => Promise<ProbeResult>;

/** A GET on a connection of its own: the listener, the event loop and the HTTP behind it must all work to answer it. */
export const probeByHttp: Probe = (request) =>
  new Promise((resolve) => {
    const { address, port, authority, path, passes, timeoutMs, clock, signal } = request;
    const parser = new ResponseHeadParser(DEFAULT_RESPONSE_LIMITS);
    parser.expect('GET', []);
    const socket = connect({ host: address, port });
    const deadline = startDeadline({ clock, afterMs: timeoutMs, signal });
    const end = (result: ProbeResult): void => {
      deadline.cancel();
      socket.destroy();
      resolve(result);
    };
    const giveUp = (): void => end(deadline.exceeded ? 'failed' : 'unknown');
    if (deadline.signal.aborted) return giveUp();
    deadline.signal.addEventListener('abort', giveUp);
    socket.on('connect', () => {
      const fields = ['Host', authority, 'User-Agent', 'flotilla-gateway', 'Accept', '*/*', 'Connection', 'close'];
      socket.write(requestHead('GET', path, fields), 'latin1');
    });
    socket.on('data', (chunk) => {
      let at = 0;
      while (at < chunk.length) {
        at += parser.push(chunk, at, chunk.length);
        if (parser.state === 'rejected') return end('failed');
        const { head } = parser;
        if (head === undefined) return;
        if (!head.informational) return end(passes(head.status) ? 'passed' : 'failed');
        parser.reset();
      }
    });
    socket.on('error', (error) => end(dialFailure(address, error).kind === 'exhausted' ? 'unknown' : 'failed'));
    socket.on('close', () => end('failed'));
  });
