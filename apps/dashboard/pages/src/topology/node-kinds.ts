import type { TopologyNode } from '@flotilla/dashboard/wire';

/** The lines of a node's icon, in a square of 16. */
export const kindIcons: Readonly<Record<TopologyNode['kind'], string>> = {
  clients: 'M2 3h12v8H2zM5.5 13.5h5M8 11v2.5',
  gateway: 'M8 2l5.5 3v6L8 14l-5.5-3V5zM8 2v12M2.5 5l11 6M13.5 5l-11 6',
  service: 'M3 3.5h10v9H3zM3 6.5h10M5.3 9.5h3',
  database: 'M3 4c0-1 2.2-1.7 5-1.7S13 3 13 4s-2.2 1.7-5 1.7S3 5 3 4zM3 4v8c0 1 2.2 1.7 5 1.7s5-.7 5-1.7V4',
  cache: 'M9 1.8L3.5 9H8l-1 5.2L12.5 7H8z',
  external: 'M9 3h4v4M13 3L7.5 8.5M11 9.5V13H3V5h3.5',
};
