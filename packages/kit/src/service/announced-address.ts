import type { Clock } from '@flotilla/contracts';
import { httpRegistryUrls, type RegistryUrls } from '@flotilla/contracts/registry-urls';
import { pause } from '@flotilla/contracts/time';
import { type AddressSettings, announcement, type CommonSettings, type ConfigOf } from '../config/index.ts';
import { networkNames } from '../guard/index.ts';
import type { Logger } from '../logger/index.ts';
import { type FoundAddress, ownAddress, sourceAddress } from './source-address.ts';

/** Time between attempts to find the address: a network or a name server may come up late. */
const retryMs = 2_000;

/** The address to announce, as far as it is known now. */
export function findAnnouncedAddress(
  settings: AddressSettings,
  registryUrls?: RegistryUrls,
): FoundAddress | Promise<FoundAddress> {
  const how = announcement(settings, registryUrls);
  switch (how.kind) {
    case 'address':
      return { kind: 'found', address: how.address };
    case 'look-up':
      return ownAddress(how.name);
    case 'ask':
      return sourceAddress(how.registry);
    case 'wrong':
      return { kind: 'none', why: how.message };
    default:
      return how satisfies never;
  }
}

/** Calls `find` until the address to announce is known, and logs once why it has to wait. Returns nothing on `signal`. */
export async function waitForAnnouncedAddress(
  find: () => FoundAddress | Promise<FoundAddress>,
  {
    clock,
    logger,
    signal,
  }: { readonly clock: Clock; readonly logger: Pick<Logger, 'info' | 'warn'>; readonly signal: AbortSignal },
): Promise<string | undefined> {
  let told = '';
  while (!signal.aborted) {
    const found = await find();
    if (found.kind === 'found') {
      if (told !== '') logger.info({ address: found.address }, 'found the address to announce');
      return found.address;
    }
    if (found.why !== told) {
      const message =
        'no address to announce yet, so this instance is not registered; retrying. To name one, set SERVER_HOST or ADVERTISE_ADDRESS';
      logger.warn({ reason: found.why }, message);
      told = found.why;
    }
    await pause(clock, retryMs, signal);
  }
  return undefined;
}

/**
 * The names by which others reach a program: those that its settings allow, and the one it announces or else those that
 * `REGISTRY_URL` uses for it.
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
