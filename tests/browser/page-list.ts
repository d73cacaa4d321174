/** A page as tests and pictures visit it. */
export interface VisitedPage {
  /** Of its pictures. */
  readonly name: string;
  readonly path: string;
}

/** Every page, with what the fixtures have to show on it. */
export const pageList: readonly VisitedPage[] = [
  { name: 'overview', path: '/' },
  { name: 'topology', path: '/topology?node=order-service' },
  { name: 'requests', path: '/requests' },
  { name: 'trace-failed', path: '/traces/0af7651916cd43dd8448eb2100000005' },
  { name: 'trace-slow', path: '/traces/0af7651916cd43dd8448eb2100000006?span=0000000000000067' },
  { name: 'logs', path: '/logs' },
  { name: 'metrics', path: '/charts' },
  { name: 'alerts', path: '/alerts' },
  { name: 'documents', path: '/documents' },
  { name: 'registry', path: '/registry' },
  { name: 'registry-service', path: '/registry/services/order-service' },
  { name: 'registry-trail', path: '/registry/trail' },
  { name: 'registry-keys', path: '/registry/keys' },
  { name: 'registry-config', path: '/registry/config?service=user-service' },
  { name: 'routes', path: '/routes' },
  { name: 'routes-upstreams', path: '/routes/upstreams' },
  { name: 'routes-explain', path: '/routes/explain?target=/api/order/%3Fid%3D1' },
];
