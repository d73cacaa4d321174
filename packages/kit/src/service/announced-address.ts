import type { Clock } from '@flotilla/contracts';
import { httpRegistryUrls, type RegistryUrls } from '@flotilla/contracts/registry-urls';
import { pause } from '@flotilla/contracts/time';
import { type AddressSettings, announcement, type CommonSettings, type ConfigOf } from '../config/index.ts';
import { networkNames } from '../guard/index.ts';
import type { Logger } from '../logger/index.ts';
import { type FoundAddress, ownAddress, sourceAddress } from './source-address.ts';

/** How often it is tried again to find the address: a network or a name server may come up late. */
const retryMs = 2_000;

/** The address others are to be told, as far as it can be known now. */
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

/** Asks `find` until the address others are to be told is known, and says once why it must wait. Ends with nothing on `signal`. */
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
        'it is not known yet where others can reach this instance, so it is not registered; trying on. SERVER_HOST or ADVERTISE_ADDRESS can say it';
      logger.warn({ reason: found.why }, message);
      told = found.why;
    }
    await pause(clock, retryMs, signal);
  }
  return undefined;
}

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
