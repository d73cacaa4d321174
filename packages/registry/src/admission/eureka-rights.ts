import { discover, open, type RightsOf } from './route-rights.ts';

/**
 * The rights that a route of Eureka's API needs. Its writes name an application, whose service only the registry knows, so it
 * asks for their rights itself: {@link requireRight}.
 */
export function eurekaRights(method: string, pattern: string): RightsOf {
  return method === 'GET' && !/^\/eureka(?:\/v2)?\/status\/?$/.test(pattern) ? discover : open;
}
