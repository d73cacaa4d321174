import type { PageEntry, Section } from './shell/page-entry.ts';

/** Every page, by its path. A page is a folder here, loaded when it is first shown. */
export const pages: readonly PageEntry[] = [
  {
    pattern: '/',
    section: 'overview',
    load: async () => (await import('./overview/overview-page.tsx')).OverviewPage,
  },
  {
    pattern: '/topology',
    section: 'topology',
    load: async () => (await import('./topology/topology-page.tsx')).TopologyPage,
  },
  {
    pattern: '/registry',
    section: 'registry',
    load: async () => (await import('./registry/services-page.tsx')).ServicesPage,
  },
  {
    pattern: '/registry/services/:service',
    section: 'registry',
    load: async () => (await import('./registry/service-page.tsx')).ServicePage,
  },
  {
    pattern: '/registry/trail',
    section: 'registry',
    load: async () => (await import('./registry/trail-page.tsx')).TrailPage,
  },
  {
    pattern: '/registry/keys',
    section: 'registry',
    load: async () => (await import('./registry/keys-page.tsx')).KeysPage,
  },
  {
    pattern: '/registry/config',
    section: 'registry',
    load: async () => (await import('./registry/config-page.tsx')).ConfigPage,
  },
  { pattern: '/routes', section: 'routes', load: async () => (await import('./routes/routes-page.tsx')).RoutesPage },
  {
    pattern: '/routes/upstreams',
    section: 'routes',
    load: async () => (await import('./routes/upstreams-page.tsx')).UpstreamsPage,
  },
  {
    pattern: '/routes/explain',
    section: 'routes',
    load: async () => (await import('./routes/explain-page.tsx')).ExplainPage,
  },
  {
    pattern: '/requests',
    section: 'requests',
    load: async () => (await import('./requests/requests-page.tsx')).RequestsPage,
  },
  {
    pattern: '/traces/:traceId',
    section: 'requests',
    load: async () => (await import('./trace/trace-page.tsx')).TracePage,
  },
  { pattern: '/logs', section: 'logs', load: async () => (await import('./logs/logs-page.tsx')).LogsPage },
  {
    // `/metrics` is what Prometheus reads.
    pattern: '/charts',
    section: 'metrics',
    load: async () => (await import('./metrics/metrics-page.tsx')).MetricsPage,
  },
  {
    // Where links within the pages may lead all the same.
    pattern: '/metrics',
    section: 'metrics',
    load: async () => (await import('./metrics/metrics-page.tsx')).MetricsPage,
  },
  { pattern: '/alerts', section: 'alerts', load: async () => (await import('./alerts/alerts-page.tsx')).AlertsPage },
  {
    pattern: '/documents',
    section: 'documents',
    load: async () => (await import('./documents/documents-page.tsx')).DocumentsPage,
  },
];

/** The navigation, in its order. */
export const sections: readonly Section[] = [
  { name: 'overview', path: '/', icon: 'overview' },
  { name: 'topology', path: '/topology', icon: 'topology' },
  { name: 'requests', path: '/requests', icon: 'requests' },
  { name: 'logs', path: '/logs', icon: 'logs' },
  { name: 'metrics', path: '/charts', icon: 'metrics' },
  { name: 'alerts', path: '/alerts', icon: 'alerts' },
  { name: 'registry', path: '/registry', icon: 'registry' },
  { name: 'routes', path: '/routes', icon: 'routes' },
  { name: 'documents', path: '/documents', icon: 'documents' },
];
