/** Where on this machine somebody is called who listens at `host`. */
export function callableHost(host = '127.0.0.1'): string {
  return host === '0.0.0.0' || /^[0:]+$/.test(host) ? '127.0.0.1' : host;
}
