import type { EngineLimits } from '../config/limits.ts';

/** What the process needs beside connections: its own files, listeners, timers, the registry, connections being refused. */
const reservedFiles = 96;

/** How many file descriptors there are for which kind of connection. */
export interface OpenFileBudget {
  readonly clients: number;
  readonly upstreams: number;
  /** What all limits together could need; set when that is more than the process may have. */
  readonly needed: number | undefined;
}

/**
 * Divides the file descriptors of the process. A connection for which there is none would be closed by the system without
 * a word, and the same goes for calls of upstreams; so the gateway refuses connections itself before it comes to that.
 *
 * @param limits this process's part of what is configured
 * @param openFiles how many the process may have open; undefined: unknown
 */
export function openFileBudget(limits: EngineLimits, openFiles: number | undefined): OpenFileBudget {
  const { connections, connectionsPerUpstream, longLived } = limits;
  const clients = connections + longLived;
  if (openFiles === undefined) return { clients, upstreams: Number.POSITIVE_INFINITY, needed: undefined };
  const needed = clients + longLived + connectionsPerUpstream + reservedFiles;
  if (needed <= openFiles) return { clients, upstreams: openFiles - reservedFiles - clients, needed: undefined };
  // One for each client's call of an upstream.
  const half = Math.max(1, Math.floor((openFiles - reservedFiles) / 2));
  return { clients: Math.min(clients, half), upstreams: half, needed };
}
