import type { PageEntry, Section } from './shell/page-entry.ts';

/** Every page, by its path. A page is a folder here, loaded when it is first shown. */
export const pages: readonly PageEntry[] = [
  {
    pattern: '/',
    section: 'overview',
    load: async () => (await import('./overview/overview-page.tsx')).OverviewPage,
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
  { name: 'requests', path: '/requests', icon: 'requests' },
  { name: 'logs', path: '/logs', icon: 'logs' },
  { name: 'metrics', path: '/metrics', icon: 'metrics' },
  { name: 'alerts', path: '/alerts', icon: 'alerts' },
  { name: 'documents', path: '/documents', icon: 'documents' },
];
