import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

const namespaceFile = '/var/run/secrets/kubernetes.io/serviceaccount/namespace';

/**
 * The names that this machine has in its network, in the form of `ALLOWED_HOSTS`: its host name, and in a Kubernetes pod those
 * of the services in its namespace (`user-service.shop`).
 */
export function networkNames(namespacePath: string = namespaceFile): readonly string[] {
  const own = hostname().toLowerCase();
  const names = own === '' ? [] : [own, `${own}.local`];
  try {
    const namespace = readFileSync(namespacePath, 'utf8').trim();
    if (/^[a-z0-9-]{1,63}$/.test(namespace)) names.push(`.${namespace}`);
  } catch {
    // Not in a pod, or the pod may not read it.
  }
  return names;
}
