import type { Limits } from '@flotilla/http1';
import type { EngineLimits } from '../../config/limits.ts';
import type { RequestHead } from '../../headers/request-head.ts';
import type { ReadMemory } from '../memory/read-memory.ts';
import type { TimerWheel } from '../time/timer-wheel.ts';
import type { TurnClock, WriteBatch } from '../time/turn.ts';
import type { UpstreamRoom } from './upstream-room.ts';

/** How many connections to one upstream this process may have. */
export interface ConnectionShares {
  readonly plain: number;
  readonly plainPerClient: number;
  readonly longLived: number;
  readonly longLivedPerClient: number;
}

/** What the pools of all upstreams of an engine have in common. */
export interface PoolSettings {
  readonly wheel: TimerWheel;
  readonly clock: TurnClock;
  readonly batch: WriteBatch;
  /** Of the heads that upstreams send. */
  readonly limits: Limits;
  readonly memory: ReadMemory;
  /** For connections to all upstreams together. */
  readonly room: UpstreamRoom;
  /** Connections to one upstream, idle ones included. */
  readonly shares: ConnectionShares;
  /** What those who meet a limit are told: `shares` is this process's part of it. */
  readonly configured: EngineLimits;
  /** How long an idle connection is kept. */
  readonly idleMs: number;
  /** A body that still flows after this time makes its connection long-lived. */
  readonly longLivedAfterMs: number;
  /** Whose share a request takes; undefined: nobody's. */
  countedClient(head: RequestHead): string | undefined;
}

/** @param limits this process's part of what is configured */
export function connectionShares(limits: EngineLimits): ConnectionShares {
  const ofClient = (count: number): number =>
    limits.clientShare === 1 ? Number.POSITIVE_INFINITY : Math.max(1, Math.floor(count * limits.clientShare));
  return {
    plain: limits.connectionsPerUpstream,
    plainPerClient: ofClient(limits.connectionsPerUpstream),
    longLived: limits.longLivedPerUpstream,
    longLivedPerClient: ofClient(limits.longLivedPerUpstream),
  };
}
