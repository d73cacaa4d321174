/** One thing that is measured. */
export interface Scenario {
  readonly name: string;
  /** As the report calls it. */
  readonly title: string;
  readonly path: string;
  readonly upload?: boolean;
  readonly tls?: boolean;
  readonly workers?: number;
  /** Connections that wrk keeps busy. */
  readonly connections: number;
  /** Connections that are held beside, each idle after one request. */
  readonly idleConnections?: number;
  /** Also at one fixed rate for all, open loop. */
  readonly fixedRate?: boolean;
  /** Also at half of what the slowest of nginx's class reaches, for those that can keep up. */
  readonly halfLoad?: boolean;
  /** Rounds of a full run; the others have fewer because their differences are larger than their noise. */
  readonly rounds: number;
}

/** In the order in which they are run and reported. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'small-get',
    title: 'small GET',
    path: '/small',
    connections: 32,
    fixedRate: true,
    halfLoad: true,
    rounds: 5,
  },
  { name: 'json-10k', title: '10 KB JSON', path: '/json-10k', connections: 32, rounds: 3 },
  { name: 'download-1m', title: '1 MB download', path: '/large-1m', connections: 8, rounds: 3 },
  { name: 'upload-1m', title: '1 MB upload', path: '/upload', upload: true, connections: 8, rounds: 3 },
  { name: 'tls', title: 'small GET over TLS', path: '/small', tls: true, connections: 32, rounds: 3 },
  {
    name: 'idle-1000',
    title: 'small GET beside 1,000 idle connections',
    path: '/small',
    connections: 16,
    idleConnections: 1_000,
    rounds: 2,
  },
  { name: 'two-workers', title: 'small GET, two workers', path: '/small', workers: 2, connections: 32, rounds: 3 },
];
