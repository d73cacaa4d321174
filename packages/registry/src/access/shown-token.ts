import type { IncomingHttpHeaders } from 'node:http';

/**
 * The token that a request shows; undefined if none. In this order: `Authorization: Bearer`, the header of Consul's clients,
 * the password of `Authorization: Basic` (Eureka's clients know nothing else; an empty one is none: Prometheus sends it with
 * every request), and, where the API has it, the parameter `token`.
 */
export function shownToken(headers: IncomingHttpHeaders, parameter?: unknown): string | undefined {
  const { authorization = '' } = headers;
  const [, scheme = '', credentials = ''] = /^(\S+) +(\S+) *$/.exec(authorization) ?? [];
  if (scheme.toLowerCase() === 'bearer') return credentials;
  const consul = headers['x-consul-token'];
  if (typeof consul === 'string' && consul !== '') return consul;
  if (scheme.toLowerCase() === 'basic') {
    const decoded = Buffer.from(credentials, 'base64').toString('utf8');
    const password = decoded.slice(decoded.indexOf(':') + 1);
    if (password !== '') return password;
  }
  return typeof parameter === 'string' && parameter !== '' ? parameter : undefined;
}
