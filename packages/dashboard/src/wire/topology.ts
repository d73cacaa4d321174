import type { TrafficView } from './overview.ts';

/** `GET /api/topology?range_ms=`: who calls whom, from real traffic. Also the event `topology` of `GET /api/events`. */
export interface Topology {
  readonly fromMs: number;
  readonly toMs: number;
  readonly nodes: readonly TopologyNode[];
  readonly edges: readonly TopologyEdge[];
}

/** Something that is called or calls. */
export interface TopologyNode {
  /** The service's name; `clients` for whoever calls the gateway from outside; `postgresql shop` for a database. */
  readonly id: string;
  readonly kind: 'clients' | 'gateway' | 'service' | 'database' | 'cache' | 'external';
  readonly label: string;
  readonly traffic?: TrafficView;
  /** In the registry; undefined for what is not registered. */
  readonly instances?: { readonly healthy: number; readonly all: number };
}

/** Calls from one to another. */
export interface TopologyEdge {
  readonly from: string;
  readonly to: string;
  readonly protocol: 'http' | 'grpc' | 'sql' | 'redis' | 'events' | 'other';
  /** Of sampled traces, weighted by how many they stand for. */
  readonly traffic: TrafficView;
}
