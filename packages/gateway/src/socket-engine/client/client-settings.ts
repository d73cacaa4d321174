import type { Socket } from 'node:net';
import type { Limits } from '@flotilla/http1';
import type { EngineTimeouts } from '../../config/timeouts.ts';
import type { RequestDispatch } from '../exchange/request-dispatch.ts';
import type { TimerWheel } from '../time/timer-wheel.ts';
import type { TurnClock, WriteBatch } from '../time/turn.ts';
import type { HttpDates } from './answer-writer.ts';
import type { ConnectionPlace } from './client-admission.ts';

/** What all client connections of one listener have in common. */
export interface ClientSettings {
  readonly wheel: TimerWheel;
  readonly clock: TurnClock;
  readonly dates: HttpDates;
  readonly batch: WriteBatch;
  readonly parserLimits: Limits;
  readonly timeouts: EngineTimeouts;
  readonly scheme: 'http' | 'https';
  /** Where requests go. */
  readonly dispatch: RequestDispatch;
  /** The TCP connection below; the same without TLS. */
  wireOf(socket: Socket): Socket;
  /** What a client that names no host has connected to. */
  ownAuthority(socket: Socket): string;
  /** The connection's place in the counts, given back when it has closed. */
  readonly place: ConnectionPlace;
}
