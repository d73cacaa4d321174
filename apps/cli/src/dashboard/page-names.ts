/** The pages of the dashboard that can be named on the command line. */
export const pageNames: readonly string[] = [
  'overview',
  'topology',
  'requests',
  'logs',
  'metrics',
  'alerts',
  'registry',
  'routes',
  'documents',
];
