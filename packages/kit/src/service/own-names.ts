import { type CommonSettings, type ConfigOf, httpRegistryUrls, type RegistryUrls } from '../config/index.ts';
import { networkNames } from '../guard/index.ts';

/**
 * The names others reach a program by: what its settings allow, and those it is announced under or else those that
 * `REGISTRY_URL` has for it.
 */
export function ownNames(
  { ADVERTISE_ADDRESS, ALLOWED_HOSTS, REGISTRY_URL }: ConfigOf<CommonSettings>,
  {
    registrar,
    registryUrls = httpRegistryUrls,
  }: { readonly registrar?: unknown; readonly registryUrls?: RegistryUrls | undefined },
): readonly string[] {
  const names =
    registrar === undefined ? registryUrls.hostsOf(REGISTRY_URL).map(({ host }) => host) : [ADVERTISE_ADDRESS ?? ''];
  return [...ALLOWED_HOSTS, ...names, ...networkNames()];
}
