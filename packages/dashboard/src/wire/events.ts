import type { Overview } from './overview.ts';
import type { Topology } from './topology.ts';

/**
 * `GET /api/events`: a stream of server-sent events. Each `event:` is one of these names, each `data:` the JSON of its type. The
 * whole of it is sent at the beginning, and again when it changes.
 */
export interface DashboardEvents {
  readonly overview: Overview;
  /** Of the last 5 minutes. */
  readonly topology: Topology;
}
